package sharewalk.cpu.unicorn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.X86_64;
import sharewalk.host.HostMemory;
import unicorn.SlowAccessCalls;

/// The way from the engine's translated code to [TouchStub], one for each ISA, and the harts it is open for.
///
/// Each load and store function of the library gets an entry that loads the address of its record and jumps to the
/// stub. A record is six words: the library's own function, the register of harts, the size of the access less one, the
/// size as the engine writes it, the code that makes the access, and whether it is a store. A hart is registered under
/// a hash of the address of its CPU state; one whose place is taken does without.
final class TouchRedirection {
    /// `movzx eax, byte ptr [rsi]`, `movzx eax, word ptr [rsi]`, `mov eax, [rsi]`, `mov rax, [rsi]`; `mov [rsi], dl`,
    /// `mov [rsi], dx`, `mov [rsi], edx`, `mov [rsi], rdx`; a `ret` behind each.
    private static final List<String> ACCESSES =
            List.of("0fb606c3", "0fb706c3", "8b06c3", "488b06c3", "8816c3", "668916c3", "8916c3", "488916c3");

    private static final int SIZES = 4;

    /// `mov eax, edx`, `mov eax, ecx`: the kind of access, in a load and in a store; then `mov r11, RECORD`.
    private static final int KIND_OF_LOAD = 0xd089;

    private static final int KIND_OF_STORE = 0xc889;
    private static final int LOAD_RECORD = 0xbb49;
    private static final byte JUMP = (byte) 0xe9;
    private static final int ENTRY_BYTES = 32;
    private static final int RECORD_AT = 4;
    private static final int JUMP_AT = 12;
    private static final int JUMP_BYTES = 5;
    private static final int ACCESS_AT = 24;
    private static final int RECORD_BYTES = 48;
    private static final int HARTS = 4096;
    private static final int HART_BYTES = 16;
    private static final int HASH = 0x9e37_79b1;
    private static final int HASH_SHIFT = 20;
    private static final int SIZE_SHIFT = 4;

    private final @Nullable MemorySegment harts;

    private TouchRedirection(boolean x86) {
        SlowAccessCalls calls = SlowAccessCalls.of(x86);
        harts = BlockStub.fitsHost() && calls.isFound() ? redirect(calls) : null;
    }

    // For ever: code that any engine has translated may call it.
    private static @Nullable MemorySegment redirect(SlowAccessCalls calls) {
        Arena arena = Arena.global();
        MemorySegment register = HostMemory.reserve((long) HARTS * HART_BYTES, arena);
        MemorySegment records = HostMemory.reserve((long) SlowAccessCalls.FUNCTIONS * RECORD_BYTES, arena);
        byte[] stub = TouchStub.code();
        int entriesAt = (stub.length + ENTRY_BYTES - 1) / ENTRY_BYTES * ENTRY_BYTES;
        byte[] code = new byte[entriesAt + SlowAccessCalls.FUNCTIONS * ENTRY_BYTES];
        System.arraycopy(stub, 0, code, 0, stub.length);
        MemorySegment bytes = MemorySegment.ofArray(code);
        for (int i = 0; i < SlowAccessCalls.FUNCTIONS; i++) {
            long entry = entriesAt + (long) i * ENTRY_BYTES;
            bytes.set(JAVA_INT_UNALIGNED, entry, (i < SIZES ? KIND_OF_LOAD : KIND_OF_STORE) | LOAD_RECORD << 16);
            bytes.set(JAVA_LONG_UNALIGNED, entry + RECORD_AT, records.address() + (long) i * RECORD_BYTES);
            bytes.set(JAVA_BYTE, entry + JUMP_AT, JUMP);
            bytes.set(JAVA_INT_UNALIGNED, entry + JUMP_AT + 1, (int) -(entry + JUMP_AT + JUMP_BYTES));
            byte[] access = HexFormat.of().parseHex(ACCESSES.get(i));
            MemorySegment.copy(access, 0, bytes, JAVA_BYTE, entry + ACCESS_AT, access.length);
        }
        long address = HostMemory.executable(code, arena).address();
        long[] entries = new long[SlowAccessCalls.FUNCTIONS];
        for (int i = 0; i < SlowAccessCalls.FUNCTIONS; i++) {
            entries[i] = address + entriesAt + (long) i * ENTRY_BYTES;
            int size = i % SIZES;
            long[] record = {
                calls.own(i),
                register.address(),
                (1L << size) - 1,
                (long) size << SIZE_SHIFT,
                entries[i] + ACCESS_AT,
                i < SIZES ? 0 : 1
            };
            MemorySegment.copy(record, 0, records, JAVA_LONG, (long) i * RECORD_BYTES, record.length);
        }
        return calls.replace(entries) ? register : null;
    }

    /// Returns the code of all accesses, one after the other.
    static byte[] accesses() {
        return HexFormat.of().parseHex(String.join("", ACCESSES));
    }

    /// Returns the redirection for an ISA. Code translated before the first call does not go through it.
    static TouchRedirection of(GuestIsa isa) {
        return isa instanceof X86_64 ? OfX86.REDIRECTION : OfRiscv.REDIRECTION;
    }

    private static final class OfRiscv {
        private static final TouchRedirection REDIRECTION = new TouchRedirection(false);
    }

    private static final class OfX86 {
        private static final TouchRedirection REDIRECTION = new TouchRedirection(true);
    }

    /// Returns whether translated code can be redirected at all.
    boolean isOpen() {
        return harts != null;
    }

    /// Lets a hart's accesses go to the stub; returns false where its place is taken.
    boolean add(long cpuState, ResidentPages pages) {
        synchronized (this) {
            if (harts == null || harts.get(JAVA_LONG, place(cpuState)) != 0) {
                return false;
            }
            harts.set(JAVA_LONG, place(cpuState) + Long.BYTES, pages.address());
            harts.set(JAVA_LONG, place(cpuState), cpuState);
            return true;
        }
    }

    /// Takes a hart back. Precondition: it does not run.
    void remove(long cpuState) {
        synchronized (this) {
            if (harts != null && harts.get(JAVA_LONG, place(cpuState)) == cpuState) {
                harts.set(JAVA_LONG, place(cpuState), 0);
            }
        }
    }

    private static long place(long cpuState) {
        return (long) ((int) cpuState * HASH >>> HASH_SHIFT) * HART_BYTES;
    }
}
