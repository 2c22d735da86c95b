/// The same spec gives the same report, byte for byte.
@NullMarked
package sharewalk.determinism;

import org.jspecify.annotations.NullMarked;
