package sharewalk.report;

import java.util.List;
import java.util.Locale;
import sharewalk.kernel.mm.SharingDesign;

/// The list of sharing designs as a table.
public final class DesignList {
    private DesignList() {}

    /// Returns the table.
    public static String render(List<SharingDesign> designs) {
        TextTable table = new TextTable();
        table.addNames("design");
        table.addNames("kind");
        table.addNames("source");
        for (SharingDesign design : designs) {
            table.addRow(List.of(design.name(), design.kind().name().toLowerCase(Locale.ROOT), design.source()));
        }
        return table.render();
    }
}
