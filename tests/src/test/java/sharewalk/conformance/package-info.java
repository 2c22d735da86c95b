/// The emulator held against what others say: its own exhaustive mode, a naive TLB, the host's Linux.
@NullMarked
package sharewalk.conformance;

import org.jspecify.annotations.NullMarked;
