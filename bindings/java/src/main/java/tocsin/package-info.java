/**
 * Grades documents by a plan of keyword topics and rules, with the words that decided. Offsets count chars, as
 * String.substring does. Failures are a {@link tocsin.TocsinException}; nothing that a program does with a closed object
 * ends the virtual machine.
 */
package tocsin;
