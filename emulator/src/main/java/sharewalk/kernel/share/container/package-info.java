/// The design `container`, a proposal: David Hildenbrand's "VMA container" (2 Nov 2023, 8 and 9 Sep 2025), a
/// descriptor that holds mappings, changed by ioctl(2) only and mapped by ordinary mmap(2), for a parent process
/// that updates what others see, as QEMU with virtio-fs would. There are no patches. What we decided is in
/// `emulator/designs/container.md`.
///
/// Start with [sharewalk.kernel.share.container.Container].
@NullMarked
@CheckReturnValue
package sharewalk.kernel.share.container;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
