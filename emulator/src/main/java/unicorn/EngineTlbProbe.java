package unicorn;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// The search for the tables of an [EngineTlb], by watching what loads leave in the engine's memory.
///
/// The library tells no layout and it changes with the version, so nothing is assumed but what is then seen to move as
/// it should: a page that is loaded from appears in the table, one that it displaces appears among the victims, and the
/// two counters before these move by what they must. Memory is looked at through the host's view of this process, where
/// a wrong guess reads nothing instead of crashing; on hosts that offer none, nothing is found.
final class EngineTlbProbe {
    private static final String OWN_MEMORY = "/proc/self/mem";

    /// The CPU state begins within so many bytes of the CPU object, whose largest part is the cache of jump targets.
    private static final int SEARCHED_BYTES = 1 << 17;

    /// Between the table and the CPU state lie the tables of the other modes and a counter.
    private static final int FARTHEST_STATE = 1024;

    private static final int MOST_TABLE_BITS = 22;
    private static final int LEAST_TABLE_BITS = 4;
    private static final long PAGE_MASK = -1L << EngineTlb.PAGE_SHIFT;
    private static final long FIRST_PAGE = 0x35_7000;
    private static final long MARK = 0x5357_4c4b_0000L;
    private static final int REGISTERS = 3;
    private static final int[] RISCV_REGISTERS = {
        RiscvConst.UC_RISCV_REG_X0 + 11, RiscvConst.UC_RISCV_REG_X0 + 12, RiscvConst.UC_RISCV_REG_X0 + 13
    };
    private static final int[] RISCV_PLACES = {11, 12, 13};
    private static final int[] X86_REGISTERS = {
        X86Const.UC_X86_REG_RBX, X86Const.UC_X86_REG_RCX, X86Const.UC_X86_REG_RDX
    };
    private static final int[] X86_PLACES = {3, 1, 2};

    private final Engine engine;
    private final EngineTlbSearch.Load load;
    private final long host;
    private final boolean x86;
    private final long cpu;
    private final ByteBuffer memory = ByteBuffer.allocate(SEARCHED_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    EngineTlbProbe(Engine engine, EngineTlbSearch.Load load, long host) {
        this.engine = engine;
        this.load = load;
        this.host = host;
        x86 = engine.arch() == UnicornConst.UC_ARCH_X86;
        cpu = engine.cpu();
    }

    Optional<EngineTlb> find() {
        try (RandomAccessFile own = new RandomAccessFile(OWN_MEMORY, "r")) {
            int flushed = engine.tlbFlush();
            boolean loaded = flushed == UnicornConst.UC_ERR_OK && load.from(FIRST_PAGE);
            snapshot(own);
            long table = loaded ? findTable(own) : 0;
            long state = table == 0 ? 0 : findState(table);
            long victims = state == 0 ? 0 : findVictims(own, table);
            return victims == 0 ? Optional.empty() : Optional.of(new EngineTlb(state, table, victims));
        } catch (IOException _) {
            return Optional.empty();
        } finally {
            int _ = engine.tlbFlush();
        }
    }

    private void snapshot(RandomAccessFile own) throws IOException {
        memory.clear();
        own.seek(cpu);
        int bytes = own.read(memory.array());
        memory.limit(Math.max(bytes, 0) & -Long.BYTES);
    }

    private long findTable(RandomAccessFile own) throws IOException {
        long found = 0;
        for (int at = 0; at + 2 * Long.BYTES <= memory.limit(); at += 2 * Long.BYTES) {
            long mask = memory.getLong(at);
            int bits = Long.bitCount(mask);
            boolean plausible = mask == ((1L << bits) - 1) << EngineTlb.ENTRY_SHIFT
                    && bits >= LEAST_TABLE_BITS
                    && bits <= MOST_TABLE_BITS;
            if (plausible && isEntryOf(own, memory.getLong(at + Long.BYTES), mask, FIRST_PAGE)) {
                if (found != 0) {
                    return 0;
                }
                found = cpu + at;
            }
        }
        return found;
    }

    private boolean isEntryOf(RandomAccessFile own, long table, long mask, long page) throws IOException {
        if (table <= 0) {
            return false;
        }
        long entry = table + (page >>> EngineTlb.PAGE_SHIFT - EngineTlb.ENTRY_SHIFT & mask);
        byte[] bytes = new byte[EngineTlb.ENTRY_BYTES];
        own.seek(entry);
        try {
            if (own.read(bytes) < bytes.length) {
                return false;
            }
        } catch (IOException _) {
            return false;
        }
        return isEntry(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 0, page);
    }

    private boolean isEntry(ByteBuffer bytes, int at, long page) {
        return bytes.getLong(at) == page
                && (bytes.getLong(at + EngineTlb.WRITE) & PAGE_MASK) == page
                && bytes.getLong(at + EngineTlb.FETCH) == page
                && bytes.getLong(at + EngineTlb.PHYSICAL) == 0
                && bytes.getLong(at + EngineTlb.ADDEND) == host - page;
    }

    // Several words point there and just before; only at the state itself do the registers lie in their order.
    private long findState(long table) {
        int[] registers = x86 ? X86_REGISTERS : RISCV_REGISTERS;
        int[] places = x86 ? X86_PLACES : RISCV_PLACES;
        for (int i = 0; i < REGISTERS; i++) {
            engine.regWrite(registers[i], MARK + i);
        }
        long found = 0;
        for (long at = table; at < table + FARTHEST_STATE; at += Long.BYTES) {
            boolean fits = true;
            for (int i = 0; i < REGISTERS; i++) {
                int place = (int) (at - cpu) + places[i] * Long.BYTES;
                fits &= place + Long.BYTES <= memory.limit()
                        && NativeMemory.getLong(at + (long) places[i] * Long.BYTES) == MARK + i;
            }
            if (fits) {
                found = at;
            }
        }
        for (int register : registers) {
            engine.regWrite(register, 0);
        }
        return found;
    }

    private long findVictims(RandomAccessFile own, long table) throws IOException {
        long entries = (NativeMemory.getLong(table) >>> EngineTlb.ENTRY_SHIFT) + 1;
        long second = FIRST_PAGE + (entries << EngineTlb.PAGE_SHIFT);
        long third = second + (entries << EngineTlb.PAGE_SHIFT);
        if (!load.from(second)) {
            return 0;
        }
        snapshot(own);
        long victims = 0;
        for (int at = 2 * Long.BYTES; at + EngineTlb.ENTRY_BYTES <= memory.limit(); at += Long.BYTES) {
            if (isEntry(memory, at, FIRST_PAGE) && memory.getLong(at - Long.BYTES) == 1) {
                if (victims != 0) {
                    return 0;
                }
                victims = cpu + at;
            }
        }
        if (victims == 0) {
            return 0;
        }
        long used = NativeMemory.getLong(victims - 2 * Long.BYTES);
        boolean ok = load.from(FIRST_PAGE + (1L << EngineTlb.PAGE_SHIFT))
                && NativeMemory.getLong(victims - 2 * Long.BYTES) == used + 1
                && NativeMemory.getLong(victims - Long.BYTES) == 1
                && load.from(third)
                && NativeMemory.getLong(victims - Long.BYTES) == 2;
        snapshot(own);
        return ok && isEntry(memory, (int) (victims - cpu) + (1 << EngineTlb.ENTRY_SHIFT), second) ? victims : 0;
    }
}
