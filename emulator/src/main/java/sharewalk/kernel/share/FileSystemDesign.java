package sharewalk.kernel.share;

/// A design whose regions are files.
public interface FileSystemDesign extends InstallableDesign {}
