package sharewalk.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sharewalk.mmu.tlb.TlbGeometry;

/// TLBs as `16x4:fifo`.
final class TlbConverter implements ITypeConverter<TlbGeometry> {
    @Override
    public TlbGeometry convert(String text) {
        try {
            return TlbGeometry.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
