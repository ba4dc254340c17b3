/** From which everything is generated. */
export const SEED = 20_260_101;
