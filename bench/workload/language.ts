/**
 * English-like and Chinese words and texts.
 *
 * Words of rules have a mark (an x between syllables, one of a few characters) that other words never have,
 * so that a text holds none but those that are put into it; up to the mark they are like any other, so that
 * searching a text runs as deep as in earnest.
 */
import type { Random } from './random.js';

const SYLLABLES =
  'an ba be ca co da de en er fa fo ga ge ha he in is ja ka ki la le lo ma me mi na ne no on or pa pe ra re ri ro sa se si so ta te ti to un va ve wa we'.split(
    ' ',
  );
const CHARACTERS =
  '的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严';
const MARKED = '赌贷彩娼毒枪诈骗淫嫖';

const EMOJI = ['😀', '👍', '🎉', '❤️'];

export interface Language {
  /** A word for a rule, never the same twice. */
  ruleWord(): string;
  /** A text that holds the given words of rules. @param length in UTF-16 code units */
  text(length: number, words?: readonly string[]): string;
}

export function createLanguage(random: Random): Language {
  const taken = new Set<string>();
  const many = (pieces: ArrayLike<string>, count: number): string =>
    Array.from({ length: count }, () => random.pick(pieces)).join('');
  const upTo = (pieces: ArrayLike<string>, count: number): string => many(pieces, 1 + random.below(count));
  const wordForms = [
    () => `${upTo(SYLLABLES, 2)}x${upTo(SYLLABLES, 2)}`,
    () => `${upTo(CHARACTERS, 2)}${random.pick(MARKED)}${upTo(CHARACTERS, 2)}`,
  ];

  function filler(length: number, gap: string): string {
    const pieces = gap === ' ' ? SYLLABLES : CHARACTERS;
    let text = random.chance(0.1) ? random.pick(EMOJI) : '';
    while (text.length < length) text += upTo(pieces, 4) + gap;
    return text.slice(0, length);
  }

  return {
    ruleWord() {
      for (;;) {
        const word = random.pick(wordForms)();
        if (taken.has(word)) continue;
        taken.add(word);
        return word;
      }
    },
    text(length, words = []) {
      const gap = random.pick([' ', '，']);
      const inserted = words.length === 0 ? '' : gap + words.join(gap) + gap;
      const room = Math.max(0, length - inserted.length);
      const cut = random.below(room + 1);
      return filler(cut, gap) + inserted + filler(room - cut, gap);
    },
  };
}
