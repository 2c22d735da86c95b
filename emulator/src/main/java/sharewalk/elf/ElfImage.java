package sharewalk.elf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.fornwall.jelf.ElfFile;
import net.fornwall.jelf.ElfSymbol;
import net.fornwall.jelf.ElfSymbolTableSection;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.GuestIsa;

/// A statically linked program: its loadable segments in address order, entry point and names.
///
/// Guarantees that the segments are in address order, share no page, lie in the user half, and that their file bytes
/// exist.
public final class ElfImage {
    private static final int PT_INTERP = 3;
    private static final int PT_LOAD = 1;
    private static final int PT_PHDR = 6;
    private static final int EXECUTE = 1;
    private static final int WRITE = 2;
    private static final int READ = 4;
    private static final long PAGE = 4096;
    private static final long MAX_SPAN = 1L << 36;

    private final ElfHeader header;
    private final List<ElfSegment> segments;
    private final long programHeaderAddress;
    private final SymbolTable symbols;

    private ElfImage(ElfHeader header, List<ElfSegment> segments, long programHeaderAddress, SymbolTable symbols) {
        this.header = header;
        this.segments = segments;
        this.programHeaderAddress = programHeaderAddress;
        this.symbols = symbols;
    }

    /// Returns the program in `file`, or throws the sentence that says why it cannot run on `isa`.
    public static ElfImage parse(byte[] file, String name, GuestIsa isa) throws ElfException {
        ElfHeader header = ElfHeader.read(file, name, isa);
        ElfFile elf = open(file, name);
        List<net.fornwall.jelf.ElfSegment> headers = programHeaders(elf, header, name);
        refuseDynamic(headers, name);
        List<ElfSegment> segments = loadable(headers, file.length, name);
        checkLayout(segments, header, isa, name);
        return new ElfImage(header, segments, findProgramHeaders(headers, segments, header), symbolsOf(elf));
    }

    /// Returns the loadable segments by address.
    public List<ElfSegment> segments() {
        return segments;
    }

    /// Returns the address of the first instruction, before the bias.
    public long entry() {
        return header.entry();
    }

    /// Returns where the program headers lie in memory before the bias (AT_PHDR), or 0 where no segment holds them.
    public long programHeaderAddress() {
        return programHeaderAddress;
    }

    /// Returns the number of program headers (AT_PHNUM).
    public int programHeaderCount() {
        return header.programHeaderCount();
    }

    /// Returns the size of one program header (AT_PHENT).
    public int programHeaderSizeBytes() {
        return ElfHeader.PROGRAM_HEADER_SIZE;
    }

    /// Returns whether the program may be loaded anywhere (static-PIE).
    public boolean isPositionIndependent() {
        return header.type() == ElfHeader.ET_DYN;
    }

    /// Returns the end of the last segment, exclusive and before the bias: where the heap may begin.
    public long end() {
        return segments.getLast().end();
    }

    /// Returns the names, at addresses before the bias.
    public SymbolTable symbols() {
        return symbols;
    }

    private static ElfFile open(byte[] file, String name) throws ElfException {
        try {
            return ElfFile.from(file);
        } catch (RuntimeException e) {
            throw new ElfException(name, "has a damaged ELF header");
        }
    }

    private static List<net.fornwall.jelf.ElfSegment> programHeaders(ElfFile elf, ElfHeader header, String name)
            throws ElfException {
        try {
            List<net.fornwall.jelf.ElfSegment> headers = new ArrayList<>();
            for (int i = 0; i < header.programHeaderCount(); i++) {
                headers.add(elf.getProgramHeader(i));
            }
            return headers;
        } catch (RuntimeException e) {
            throw new ElfException(name, "has damaged program headers");
        }
    }

    private static void refuseDynamic(List<net.fornwall.jelf.ElfSegment> headers, String name) throws ElfException {
        if (headers.stream().anyMatch(segment -> segment.p_type == PT_INTERP)) {
            throw new ElfException(name, "is dynamically linked; link it with -static");
        }
    }

    private static List<ElfSegment> loadable(List<net.fornwall.jelf.ElfSegment> headers, long fileSize, String name)
            throws ElfException {
        List<ElfSegment> segments = new ArrayList<>();
        for (net.fornwall.jelf.ElfSegment segment : headers) {
            if (segment.p_type == PT_LOAD && segment.p_memsz != 0) {
                segments.add(checked(segment, fileSize, name));
            }
        }
        if (segments.isEmpty()) {
            throw new ElfException(name, "has nothing to load");
        }
        segments.sort(Comparator.comparingLong(ElfSegment::virtAddr));
        return List.copyOf(segments);
    }

    private static ElfSegment checked(net.fornwall.jelf.ElfSegment segment, long fileSize, String name)
            throws ElfException {
        if (segment.p_offset < 0 || segment.p_filesz < 0 || segment.p_filesz > fileSize - segment.p_offset) {
            throw new ElfException(name, "is cut off: a segment reaches beyond the end of the file");
        }
        if (segment.p_memsz < segment.p_filesz) {
            throw new ElfException(name, "has a segment with more bytes in the file than in memory");
        }
        if (segment.p_memsz > MAX_SPAN || segment.p_vaddr < 0 || segment.p_vaddr > Long.MAX_VALUE - segment.p_memsz) {
            throw new ElfException(name, "has a segment too large for any address space");
        }
        if ((segment.p_vaddr - segment.p_offset) % PAGE != 0) {
            throw new ElfException(name, "has a segment that cannot be mapped: address and file offset differ");
        }
        int flags = segment.p_flags;
        return new ElfSegment(
                segment.p_vaddr,
                segment.p_memsz,
                segment.p_offset,
                segment.p_filesz,
                (flags & READ) != 0,
                (flags & WRITE) != 0,
                (flags & EXECUTE) != 0);
    }

    private static void checkLayout(List<ElfSegment> segments, ElfHeader header, GuestIsa isa, String name)
            throws ElfException {
        for (int i = 1; i < segments.size(); i++) {
            if (segments.get(i - 1).endPage() > segments.get(i).firstPage()) {
                throw new ElfException(name, "has segments that overlap");
            }
        }
        long end = segments.getLast().endPage();
        if (end > isa.defaultPaging().userEnd() || end - segments.getFirst().firstPage() > MAX_SPAN) {
            throw new ElfException(name, "does not fit into the user half of the address space");
        }
        if (header.type() == ElfHeader.ET_EXEC && segments.getFirst().firstPage() == 0) {
            throw new ElfException(name, "wants to be loaded at address 0");
        }
        boolean entryInside = segments.stream()
                .anyMatch(s -> s.execute() && header.entry() >= s.virtAddr() && header.entry() < s.end());
        if (!entryInside) {
            throw new ElfException(name, "has its entry point outside its executable segments");
        }
    }

    private static long findProgramHeaders(
            List<net.fornwall.jelf.ElfSegment> headers, List<ElfSegment> segments, ElfHeader header) {
        for (net.fornwall.jelf.ElfSegment segment : headers) {
            if (segment.p_type == PT_PHDR) {
                return segment.p_vaddr;
            }
        }
        for (ElfSegment segment : segments) {
            long offset = header.programHeaderOffset() - segment.fileOffset();
            if (offset >= 0 && offset < segment.fileSizeBytes()) {
                return segment.virtAddr() + offset;
            }
        }
        return 0;
    }

    private static SymbolTable symbolsOf(ElfFile elf) {
        try {
            @Nullable ElfSymbolTableSection section = elf.getSymbolTableSection();
            if (section == null) {
                return SymbolTable.EMPTY;
            }
            List<SymbolTable.Symbol> symbols = new ArrayList<>();
            for (ElfSymbol symbol : section.symbols) {
                addSymbol(symbol, symbols);
            }
            return new SymbolTable(symbols);
        } catch (RuntimeException | OutOfMemoryError e) {
            // Names only help a reader; a program with a damaged symbol table still runs. A damaged size asks for more
            // memory than there is.
            return SymbolTable.EMPTY;
        }
    }

    private static void addSymbol(ElfSymbol symbol, List<SymbolTable.Symbol> into) {
        int type = symbol.getType();
        boolean wanted = type == ElfSymbol.STT_FUNC || type == ElfSymbol.STT_OBJECT || type == ElfSymbol.STT_NOTYPE;
        @Nullable String name = symbol.getName();
        if (wanted && symbol.st_shndx != 0 && name != null && !name.isEmpty() && !name.startsWith("$")) {
            boolean global = symbol.getBinding() != ElfSymbol.BINDING_LOCAL;
            into.add(new SymbolTable.Symbol(symbol.st_value, symbol.st_size, name, global));
        }
    }
}
