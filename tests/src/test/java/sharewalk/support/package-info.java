/// What tests of several packages need: guests run in this process, a naive TLB.
@NullMarked
package sharewalk.support;

import org.jspecify.annotations.NullMarked;
