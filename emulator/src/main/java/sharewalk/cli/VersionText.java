package sharewalk.cli;

import picocli.CommandLine.IVersionProvider;
import sharewalk.experiment.SharewalkVersion;

/// What `--version` prints.
final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"Sharewalk " + SharewalkVersion.TEXT};
    }
}
