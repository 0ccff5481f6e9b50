#ifndef TOCSIN_TOOLS_MESSAGE_H
#define TOCSIN_TOOLS_MESSAGE_H

/*
 * Messages for people, in their language if there is a translation (tools/po). Output for programs (JSON, codes,
 * metrics) is the same in every language.
 */

#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>

/*
 * Call it once, before the first message; LC_ALL, LC_MESSAGES or LANG decide. Only messages and characters follow the
 * locale.
 */
void messages_begin(void);

/* Whose language a thread speaks. */
typedef enum message_language {
    MESSAGE_USER, /* of the environment; each thread begins with it */
    MESSAGE_CHINESE,
    MESSAGE_ENGLISH
} message_language;

/* For a program that answers several people: once, before its threads, so that each thread can speak both languages. */
void messages_begin_both(void);

/* What the thread says from now on; MESSAGE_USER takes it back. Without messages_begin_both it is always that. */
void messages_speak(message_language language);

/* The text in the user's language or, without a translation, unchanged. Static storage. */
__attribute__((format_arg(1))) const char *message(const char *text);

/* The same for a number of things, with the right plural form. */
__attribute__((format_arg(1))) __attribute__((format_arg(2))) const char *
message_plural(const char *one, const char *many, size_t count);

/* Whether messages are in English: then parts of the plan are shown by their English names. */
int messages_are_english(void);

/*
 * Translates a sentence of the library by the pattern that made it; if none fits, the sentence is unchanged. The text
 * in its placeholders is a sentence too, or a name.
 */
void message_append_sentence(tocsin_buffer *out, const char *text);

/*
 * Translates a problem that the library or a reader of feeds reports. Names and quotations in it are unchanged. Static
 * storage of the thread, until its next call.
 */
const char *message_told(const char *text);

/* A problem of a plan as tocsin_diagnostic_to_text writes it, without the end of the line, in the user's language. */
void message_append_diagnostic(tocsin_buffer *out, const tocsin_diagnostic *diagnostic);

#endif
