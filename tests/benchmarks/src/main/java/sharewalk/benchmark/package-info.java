/// Measurements of the hot paths, with JMH. Numbers worth keeping go to the README of the module measured.
@NullMarked
package sharewalk.benchmark;

import org.jspecify.annotations.NullMarked;
