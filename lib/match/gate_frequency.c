/*
 * Which characters are common, so that a literal is looked for by its rarest pair. The order is that of the most used
 * characters of written Chinese, simplified; digits, Latin letters and ASCII punctuation count as very common, because
 * a page of them would otherwise be all candidates. Being wrong here costs speed and never a match.
 */
#include "match/gate_frequency.h"

#include <string.h>

#include "base/utf8.h"

static const char common[] =
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政"
    "美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员"
    "解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件"
    "计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔火灾警消"
    "防救援报道员车";

#define VERY_COMMON 250 /* ASCII */
#define MOST_COMMON 240 /* the first of the list; the others by rank below it */
#define LEAST_COMMON 40 /* of the list */
#define FOREIGN 30      /* letters of other scripts */
#define KANA 60
#define RARE 4

void tocsin__gate_commonness(uint8_t table[65536]) {
    unsigned rank = 0;
    memset(table, RARE, 65536);
    memset(table, FOREIGN, 0x2E80);
    memset(table + 0x3040, KANA, 0xC0);
    memset(table, VERY_COMMON, 0x80);
    for (size_t at = 0; at < sizeof common - 1; rank++) {
        uint32_t c = tocsin__utf8_next(common, sizeof common - 1, at, &at);
        table[c] = (uint8_t)(MOST_COMMON - rank > LEAST_COMMON ? MOST_COMMON - rank : LEAST_COMMON);
        if (rank == MOST_COMMON - LEAST_COMMON) rank--;
    }
}
