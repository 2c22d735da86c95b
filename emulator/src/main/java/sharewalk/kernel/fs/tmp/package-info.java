/// Files in memory: tmpfs and memfd.
///
/// Everything a guest puts here is bounded by guest RAM: content by its frames, names and inodes by a number that
/// follows from its size. Uses `sharewalk.kernel.fs` and its `page`. Start reading at `TmpFileSystem`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs.tmp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
