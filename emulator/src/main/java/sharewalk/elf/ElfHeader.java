package sharewalk.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sharewalk.cpu.GuestIsa;

/// The file header, checked before anything else of the file is believed (System V ABI, chapter 4).
record ElfHeader(int type, long entry, long programHeaderOffset, int programHeaderCount) {
    static final int SIZE = 64;
    static final int PROGRAM_HEADER_SIZE = 56;
    static final int ET_EXEC = 2;
    static final int ET_DYN = 3;
    private static final int MAGIC = 0x464c457f;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int MAX_PROGRAM_HEADERS = 65536 / PROGRAM_HEADER_SIZE;

    static ElfHeader read(byte[] file, String name, GuestIsa isa) throws ElfException {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        checkIdentification(bytes, name);
        if (file.length < SIZE) {
            throw new ElfException(name, "is cut off within its ELF header");
        }
        int machine = bytes.getShort(18) & 0xffff;
        if (machine != isa.elfMachine()) {
            throw new ElfException(
                    name, "is a program for " + machineName(machine) + ", and the machine is " + isa.name());
        }
        int type = bytes.getShort(16) & 0xffff;
        if (type != ET_EXEC && type != ET_DYN) {
            throw new ElfException(name, "is " + typeName(type) + ", not an executable");
        }
        long offset = bytes.getLong(32);
        int count = bytes.getShort(56) & 0xffff;
        if (bytes.getShort(54) != PROGRAM_HEADER_SIZE || count == 0 || count > MAX_PROGRAM_HEADERS) {
            throw new ElfException(name, "has no usable program headers");
        }
        if (offset < 0 || offset > file.length - (long) count * PROGRAM_HEADER_SIZE) {
            throw new ElfException(name, "is cut off within its program headers");
        }
        return new ElfHeader(type, bytes.getLong(24), offset, count);
    }

    private static void checkIdentification(ByteBuffer bytes, String name) throws ElfException {
        if (bytes.capacity() == 0) {
            throw new ElfException(name, "is empty");
        }
        if (bytes.capacity() < 16 || bytes.getInt(0) != MAGIC) {
            throw new ElfException(name, "is not an ELF file");
        }
        if (bytes.get(4) != CLASS_64) {
            throw new ElfException(name, "is a 32-bit program; only 64-bit ones can run");
        }
        if (bytes.get(5) != LITTLE_ENDIAN) {
            throw new ElfException(name, "is a big-endian program; only little-endian ones can run");
        }
    }

    private static String machineName(int machine) {
        for (GuestIsa isa : GuestIsa.all()) {
            if (isa.elfMachine() == machine) {
                return isa.name();
            }
        }
        return switch (machine) {
            case 3 -> "i386";
            case 40 -> "arm";
            case 183 -> "aarch64";
            default -> "ELF machine " + machine;
        };
    }

    private static String typeName(int type) {
        return switch (type) {
            case 1 -> "an object file";
            case 4 -> "a core dump";
            default -> "an ELF file of type " + type;
        };
    }
}
