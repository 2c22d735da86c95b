package sharewalk.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class SharewalkVersionTest {
    @Test
    void version_isTheBuilds() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<artifactId>sharewalk</artifactId>\n    <version>" + SharewalkVersion.TEXT + "</version>");
    }
}
