#ifndef TOCSIN_TEXT_ICU_PROPERTIES_H
#define TOCSIN_TEXT_ICU_PROPERTIES_H

/* Properties of single code points, from ICU. */

#include <stdint.h>

int tocsin__is_han(uint32_t c);         /* Script=Han */
int tocsin__is_white_space(uint32_t c); /* White_Space */
int tocsin__is_punctuation(uint32_t c); /* general categories P* */
int tocsin__is_symbol(uint32_t c);      /* general categories S*: + ￥ ★ and emoji */

/* A Latin letter or a digit of any script: the characters that word bounds concern. ASCII needs no call of ICU. */
int tocsin__is_word_character(uint32_t c);

int tocsin__is_letter_or_decimal(uint32_t c); /* general categories L* and Nd */
int tocsin__is_enclosing_mark(uint32_t c);    /* general category Me */

/* Another mark (Mn, Mc), or an invisible character (Default_Ignorable_Code_Point). */
int tocsin__is_mark_or_unseen(uint32_t c);

#endif
