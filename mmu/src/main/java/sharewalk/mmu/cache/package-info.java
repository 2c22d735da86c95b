/// Sets, ways and victims: the storage that TLBs and walk caches are made of.
///
/// A store knows keys (`long`) and slots (`int`), never what they stand for. A policy knows sets and ways only.
/// Everything here runs on the fill path: primitives only, nothing allocated after construction.
/// Uses nothing else. Start reading at [sharewalk.mmu.cache.SetAssociativeStore].
@NullMarked
@CheckReturnValue
package sharewalk.mmu.cache;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
