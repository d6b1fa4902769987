package dev.graft.base;

/**
 * A unit that {@code fine_tune_depth} counts.
 *
 * @param name the field's name for it: {@code block_16}, {@code fire9}
 * @param input the node whose output enters the block: where the frozen prefix ends when the block is the first trained
 */
public record Block(String name, String input) {}
