/// The file system of the emulated Linux: what every kind of file, directory and mount has in common, and the
/// walk from a path to an inode.
///
/// Results are `long`s as a system call returns them, negative errnos included, or an `Outcome` where the result
/// is a thing. Paths and names are strings of one char per byte (ISO 8859-1), so that any guest name survives and
/// lengths are lengths in bytes. Nothing here blocks: an operation that would have to answers
/// `FileOperations.WOULD_BLOCK`, and the caller waits in the file's wait queue and tries again.
///
/// Uses `sharewalk.abi`, `sharewalk.kernel.wait`, `sharewalk.kernel.mm` (the interface of what can be mapped) and
/// the guest's memory. The kinds of file systems lie in the packages below. Start reading at `Vfs`, then
/// `PathWalker`.
@NullMarked
@CheckReturnValue
package sharewalk.kernel.fs;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
