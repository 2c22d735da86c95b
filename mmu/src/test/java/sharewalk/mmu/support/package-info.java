/// What the tests of this module share: a machine of tables, assertions on whole tables, and random operation scripts.
@NullMarked
package sharewalk.mmu.support;

import org.jspecify.annotations.NullMarked;
