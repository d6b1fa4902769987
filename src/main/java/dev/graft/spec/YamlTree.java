package dev.graft.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** Turns YAML into {@link Value}s, within limits that no sweep file needs to exceed; runs no code of the document. */
final class YamlTree {

    static final int DEEPEST = 50;
    static final int MOST_VALUES = 100_000;

    /** Marks scalars without quotes and tag, so that {@link CoreScalars} and not YAML 1.1 decides what they are. */
    private static final Tag PLAIN = new Tag("tag:graft.dev,2026:plain");

    private final Problems problems;
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int values;

    private YamlTree(Problems problems) {
        this.problems = problems;
    }

    /** Returns the root of the only document, or empty after reporting why there is none. */
    static Optional<Value> parse(String text, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        options.setNestingDepthLimit(DEEPEST);
        options.setMaxAliasesForCollections(MOST_VALUES);
        // Tags are refused below, with their place; nothing is ever constructed from one.
        options.setTagInspector(tag -> true);
        Parser parser = new ParserImpl(new StreamReader(text), options);
        Composer composer = new Composer(parser, new PlainMarker(), options);
        try {
            if (!composer.checkNode()) {
                problems.error(1, 1, "", "is empty; it must at least name data and parameters");
                return Optional.empty();
            }
            Node root = composer.getNode();
            if (composer.checkNode()) {
                Mark mark = parser.peekEvent().getStartMark();
                problems.error(
                        line(mark), column(mark), "", "holds a second document; give each sweep a file of its own");
                return Optional.empty();
            }
            return Optional.of(new YamlTree(problems).value(root, ""));
        } catch (TooMuchException e) {
            Mark mark = e.node.getStartMark();
            problems.error(line(mark), column(mark), e.path, String.valueOf(e.getMessage()));
        } catch (MarkedYAMLException e) {
            syntax(e, text, problems);
        } catch (ReaderException e) {
            String before = text.substring(0, text.offsetByCodePoints(0, e.getPosition()));
            int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            int column = before.codePointCount(before.lastIndexOf('\n') + 1, before.length()) + 1;
            problems.error(
                    line,
                    column,
                    "",
                    String.format("holds the character U+%04X, which YAML forbids", e.getCodePoint()));
        } catch (YAMLException | IllegalArgumentException e) {
            // Limits of the YAML library come without a place; so do a few faults in escapes.
            String message = String.valueOf(e.getMessage());
            problems.error(
                    0,
                    0,
                    "",
                    message.startsWith("Nesting Depth")
                            ? "must not be nested more than " + DEEPEST + " deep"
                            : "is not valid YAML: " + Value.shorten(message));
        }
        return Optional.empty();
    }

    private static void syntax(MarkedYAMLException e, String text, Problems problems) {
        Mark mark = e.getProblemMark();
        int line = mark == null ? 0 : line(mark);
        int column = mark == null ? 0 : column(mark);
        boolean tab = mark != null
                && mark.getIndex() < text.codePointCount(0, text.length())
                && text.codePointAt(text.offsetByCodePoints(0, mark.getIndex())) == '\t';
        String context = e.getContext() == null ? "" : " (" + e.getContext() + ")";
        problems.error(
                line,
                column,
                "",
                tab
                        ? "is not valid YAML: a tab cannot indent or start a value; use spaces"
                        : "is not valid YAML: " + oneLine(e.getProblem() + context));
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }

    private static int column(Mark mark) {
        return mark.getColumn() + 1;
    }

    private Value value(Node node, String path) {
        enter(node, path);
        Mark mark = node.getStartMark();
        String text = "";
        Object content;
        if (node instanceof ScalarNode scalar) {
            text = scalar.getValue();
            content = scalar(scalar, path);
        } else if (node instanceof SequenceNode sequence) {
            checkTag(node, Tag.SEQ, path);
            List<Value> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(value(item, path + "[" + items.size() + "]"));
            }
            content = List.copyOf(items);
        } else {
            checkTag(node, Tag.MAP, path);
            Map<String, Value.Entry> entries = new LinkedHashMap<>();
            entries((MappingNode) node, path, entries);
            content = Collections.unmodifiableMap(entries);
        }
        open.remove(node);
        return new Value(path, line(mark), column(mark), text, content);
    }

    /** Counts a node that is about to be read; aliases and merges make one node count each time they repeat it. */
    private void enter(Node node, String path) {
        if (++values > MOST_VALUES) {
            throw new TooMuchException(
                    node, path, "must not hold more than 100,000 values, counting what aliases repeat");
        }
        if (open.size() >= DEEPEST) {
            throw new TooMuchException(node, path, "must not be nested more than " + DEEPEST + " deep");
        }
        if (!open.add(node)) {
            throw new TooMuchException(node, path, "must not contain itself through an alias");
        }
    }

    private void checkTag(Node node, Tag expected, String path) {
        if (!node.getTag().equals(expected)) {
            error(node, path, "must not carry the tag " + Value.shorten(tagName(node.getTag())));
        }
    }

    private static String tagName(Tag tag) {
        String value = tag.getValue();
        return value.startsWith(Tag.PREFIX) ? "!!" + value.substring(Tag.PREFIX.length()) : value;
    }

    private @Nullable Object scalar(ScalarNode node, String path) {
        String text = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(PLAIN)) {
            return CoreScalars.resolve(text);
        }
        if (tag.equals(Tag.STR)) {
            return text;
        }
        Object content = CoreScalars.resolve(text);
        if (tag.equals(Tag.FLOAT) && content instanceof Number number) {
            // People who come from W&B write !!float 1e-5, because the YAML library there needs it.
            return number.doubleValue();
        }
        boolean fits = (tag.equals(Tag.INT) && content instanceof Long)
                || (tag.equals(Tag.BOOL) && content instanceof Boolean)
                || (tag.equals(Tag.NULL) && content == null);
        if (!fits) {
            error(node, path, "must not carry the tag " + Value.shorten(tagName(tag)));
        }
        return content;
    }

    /** Adds the entries of a map, and those it merges in with {@code <<}, which never replace its own. */
    private void entries(MappingNode node, String path, Map<String, Value.Entry> entries) {
        Map<String, Mark> own = new HashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            ownKey(tuple.getKeyNode(), path, own);
        }
        for (NodeTuple tuple : node.getValue()) {
            if (isMerge(tuple.getKeyNode())) {
                merge(tuple.getValueNode(), path, own.keySet(), entries);
            } else if (tuple.getKeyNode() instanceof ScalarNode key && !entries.containsKey(key.getValue())) {
                Mark mark = key.getStartMark();
                Value value = value(tuple.getValueNode(), child(path, key.getValue()));
                entries.put(key.getValue(), new Value.Entry(line(mark), column(mark), value));
            }
        }
    }

    private void ownKey(Node node, String path, Map<String, Mark> own) {
        if (isMerge(node)) {
            return;
        }
        if (!(node instanceof ScalarNode key)) {
            error(node, path, "must have text as keys, but one is a list or a map");
            return;
        }
        Mark first = own.putIfAbsent(key.getValue(), key.getStartMark());
        if (first != null) {
            error(key, child(path, key.getValue()), "is given twice; the first is on line " + line(first));
        }
    }

    private void merge(Node node, String path, Set<String> own, Map<String, Value.Entry> entries) {
        List<Node> sources = node instanceof SequenceNode list ? list.getValue() : List.of(node);
        for (Node source : sources) {
            if (!(source instanceof MappingNode map)) {
                error(source, child(path, "<<"), "must be a map, or a list of maps, to merge");
                continue;
            }
            enter(map, path);
            Map<String, Value.Entry> merged = new LinkedHashMap<>();
            entries(map, path, merged);
            open.remove(map);
            merged.keySet().removeAll(own);
            merged.forEach(entries::putIfAbsent);
        }
    }

    private static boolean isMerge(Node key) {
        return key instanceof ScalarNode scalar
                && scalar.getTag().equals(PLAIN)
                && scalar.getValue().equals("<<");
    }

    private static String child(String path, String key) {
        return path.isEmpty() ? Value.shorten(key) : path + "." + Value.shorten(key);
    }

    private void error(Node at, String path, String message) {
        problems.error(line(at.getStartMark()), column(at.getStartMark()), path, message);
    }

    /** Leaves plain scalars alone instead of resolving them as YAML 1.1 does, where {@code no} is false. */
    private static final class PlainMarker extends Resolver {

        @Override
        protected void addImplicitResolvers() {
            // None: see resolve.
        }

        @Override
        public Tag resolve(NodeId kind, @Nullable String value, boolean implicit) {
            if (kind == NodeId.scalar) {
                return implicit ? PLAIN : Tag.STR;
            }
            return kind == NodeId.sequence ? Tag.SEQ : Tag.MAP;
        }
    }

    /** Leaves a document that breaks a limit at once. */
    private static final class TooMuchException extends RuntimeException {
        private final transient Node node;
        private final String path;

        TooMuchException(Node node, String path, String message) {
            super(message);
            this.node = node;
            this.path = path;
        }
    }
}
