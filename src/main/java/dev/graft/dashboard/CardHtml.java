package dev.graft.dashboard;

import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Model cards as HTML within a page: no markup of their own, no links that run anything, and headings below the page's.
 */
final class CardHtml {

    /** Under the page's name and that of the section. */
    private static final int LEVELS_ABOVE = 2;

    private static final List<Extension> TABLES = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(TABLES).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder()
            .extensions(TABLES)
            .escapeHtml(true)
            .sanitizeUrls(true)
            .build();

    private CardHtml() {}

    static String of(String markdown) {
        Node card = PARSER.parse(markdown);
        card.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                heading.setLevel(Math.min(6, heading.getLevel() + LEVELS_ABOVE));
                visitChildren(heading);
            }
        });
        return RENDERER.render(card);
    }
}
