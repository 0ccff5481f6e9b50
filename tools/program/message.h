#ifndef TOCSIN_TOOLS_MESSAGE_H
#define TOCSIN_TOOLS_MESSAGE_H

/*
 * What is said to people, in their language where there is a translation (tools/po). What programs read (JSON, codes,
 * metrics) is the same in every language.
 */

#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>

/* Once, before the first message: by LC_ALL, LC_MESSAGES or LANG. Only messages and characters follow the locale. */
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

/* The text in the user's language, or as it is. Static storage. */
__attribute__((format_arg(1))) const char *message(const char *text);

/* The same for a number of things, by how many there are. */
__attribute__((format_arg(1))) __attribute__((format_arg(2))) const char *
message_plural(const char *one, const char *many, size_t count);

/* Whether messages are in English: then things of the plan are called by their names in English. */
int messages_are_english(void);

/*
 * A sentence that the library made, by the pattern it was made by; as it is where it follows none. What stands in its
 * places is a sentence too, or a name.
 */
void message_append_sentence(tocsin_buffer *out, const char *text);

/*
 * What the library, or a reader of feeds, says of what is wrong, in the user's language. Names and texts in it are
 * left as they are. Static storage of the thread until its next call.
 */
const char *message_told(const char *text);

/* A problem of a plan as tocsin_diagnostic_to_text writes it, without the end of the line, in the user's language. */
void message_append_diagnostic(tocsin_buffer *out, const tocsin_diagnostic *diagnostic);

#endif
