package sharewalk.kernel.process;

import sharewalk.elf.ElfImage;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.mm.MapSource;

/// A program found and checked, not loaded yet.
///
/// @param executable the file, open; whoever gets this owns one reference to it
public record ProgramFile(String path, ElfImage image, MapSource source, OpenFile executable) {}
