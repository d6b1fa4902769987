package dev.graft;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.NullMarked;
import org.nd4j.linalg.factory.Nd4j;

/** Keeps the package rules of docs/architecture.md true. */
@AnalyzeClasses(packages = "dev.graft", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** From the user's side down; a package may use only those after it. */
    private static final List<String> ORDER = List.of(
            "cli",
            "dashboard",
            "export",
            "analysis",
            "run",
            "track",
            "train",
            "features",
            "onnx",
            "base",
            "data",
            "fetch",
            "plan",
            "search",
            "spec");

    @ArchTest
    static void arrowsPointDownwards(JavaClasses classes) {
        for (int i = 1; i < ORDER.size(); i++) {
            String[] above = ORDER.subList(0, i).stream()
                    .map(name -> "dev.graft." + name + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("dev.graft." + ORDER.get(i) + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(classes);
        }
    }

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.graft.(*)..").should().beFreeOfCycles();

    @ArchTest
    static void everyPackageIsInTheOrder(JavaClasses classes) {
        assertThat(classes.stream().map(c -> c.getPackageName().replace("dev.graft.", "")))
                .isSubsetOf(ORDER);
        // So that no rule here passes on nothing.
        assertThat(classes.size()).isGreaterThan(150);
    }

    @ArchTest
    static void librariesStayInTheirPackages(JavaClasses classes) {
        fence(classes, List.of("cli"), "picocli..", "sun.misc..");
        fence(classes, List.of("dashboard"), "io.javalin..", "jakarta..", "org.eclipse.jetty..");
        fence(classes, List.of("analysis"), "org.tribuo..", "com.google.protobuf..", "org.apache.commons.statistics..");
        fence(classes, List.of("track"), "java.sql..", "org.sqlite..");
        fence(classes, List.of("onnx"), "ai.onnxruntime..", "onnx..", "org.nd4j.shade.protobuf..");
        fence(classes, List.of("base"), "io.jhdf..");
        fence(classes, List.of("data"), "com.twelvemonkeys..", "com.drew..", "javax.imageio..", "java.awt..");
        fence(classes, List.of("fetch"), "java.net.http..", "org.apache.commons.compress..");
        fence(classes, List.of("search"), "org.deeplearning4j.arbiter..");
        fence(classes, List.of("spec"), "org.yaml..", "com.fasterxml.jackson.dataformat.yaml..");
        fence(classes, List.of("dashboard"), "com.fasterxml.jackson.dataformat.csv..", "org.commonmark..");
        // Graphs are written down in base, cut in features, trained in train, translated in onnx, saved in export.
        fence(classes, List.of("base", "features", "train", "onnx", "export"), "org.deeplearning4j.nn..");
    }

    private static void fence(JavaClasses classes, List<String> allowed, String... library) {
        String[] packages =
                allowed.stream().map(name -> "dev.graft." + name + "..").toArray(String[]::new);
        noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .check(classes);
    }

    /** What could run code that a file names; docs/reliability.md says what takes its place. */
    @ArchTest
    static final ArchRule nothingIsDeserialised = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(
                    java.io.ObjectInputStream.class,
                    java.beans.XMLDecoder.class,
                    java.net.URLClassLoader.class,
                    javax.script.ScriptEngineManager.class,
                    org.yaml.snakeyaml.Yaml.class,
                    org.yaml.snakeyaml.constructor.Constructor.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "javax.xml..", "org.xml.sax..", "org.w3c.dom..", "org.apache.commons.io.serialization..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(com.fasterxml.jackson.annotation.JsonTypeInfo.class);

    /** The exporter reads back what it has just written; anything else comes through base.BundleWeights. */
    @ArchTest
    static final ArchRule modelsOfOthersAreNotRestored = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.graft.export.ParityCheck")
            .should()
            .callMethodWhere(
                    JavaCall.Predicates.target(HasName.Predicates.nameMatching("restore.*|readNumpy|readBinary"))
                            .and(JavaCall.Predicates.target(HasOwner.Predicates.With.owner(
                                    JavaClass.Predicates.belongToAnyOf(ModelSerializer.class, Nd4j.class)))))
            .orShould()
            .callMethod(Nd4j.class, "read", java.io.InputStream.class)
            .orShould()
            .callMethod(Nd4j.class, "read", java.io.DataInputStream.class);

    @ArchTest
    static final ArchRule onlyTheCommandLinePrintsAndExits = noClasses()
            .that()
            .resideOutsideOfPackage("dev.graft.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager");

    @ArchTest
    static final ArchRule nobodyThrowsBareRuntimeExceptions = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        for (String name : ORDER) {
            assertThat(classes.getPackage("dev.graft." + name).isAnnotatedWith(NullMarked.class))
                    .as("dev.graft.%s is null-marked", name)
                    .isTrue();
        }
    }

    @ArchTest
    static final ArchRule clocksAreInjected = noClasses()
            .that()
            .resideOutsideOfPackage("dev.graft.cli..")
            .should()
            .callMethod(java.time.Instant.class, "now");

    @ArchTest
    static final ArchRule exceptionsAreNamedSo = classes()
            .that()
            .areAssignableTo(RuntimeException.class)
            .and()
            .areNotInterfaces()
            .should()
            .haveSimpleNameEndingWith("Exception");
}
