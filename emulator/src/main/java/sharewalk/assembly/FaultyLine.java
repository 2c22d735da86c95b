package sharewalk.assembly;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import keystone.Keystone;
import keystone.exceptions.AssembleFailedKeystoneException;

/// The search for the line at which Keystone, which names none, gives up.
///
/// The shortest beginning of the text that fails ends with that line; the labels of the rest stay defined. Halving
/// needs few calls. Not tried where lines depend on each other, as in a macro.
final class FaultyLine {
    private static final Pattern BLOCK = Pattern.compile("\\s*\\.(macro|rept|irp|if).*");

    private final Keystone keystone;
    private final List<SectionedSource.Line> lines;

    FaultyLine(Keystone keystone, SectionedSource source) {
        this.keystone = keystone;
        lines = source.lines();
    }

    AssemblyException describe(String name, AssembleFailedKeystoneException failure) {
        String problem = failure.getKeystoneError().text();
        if (lines.stream().anyMatch(line -> BLOCK.matcher(line.content()).matches()) || !failsWith(lines.size())) {
            return new AssemblyException(name + " cannot be assembled: " + problem);
        }
        int good = 0;
        int bad = lines.size();
        while (bad - good > 1) {
            int middle = (good + bad) >>> 1;
            if (failsWith(middle)) {
                bad = middle;
            } else {
                good = middle;
            }
        }
        SectionedSource.Line line = lines.get(bad - 1);
        return AssemblyException.at(
                name, line.number(), problem + ": " + line.content().strip());
    }

    private boolean failsWith(int count) {
        String beginning =
                lines.stream().limit(count).map(SectionedSource.Line::content).collect(Collectors.joining("\n"));
        String labels =
                lines.stream().skip(count).map(SectionedSource.Line::labelOnly).collect(Collectors.joining("\n"));
        try {
            return keystone.assemble(beginning + "\n" + labels + "\n").getNumberOfStatements() < 0;
        } catch (AssembleFailedKeystoneException e) {
            return true;
        }
    }
}
