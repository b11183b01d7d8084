namespace RedisInfer.Grammars;

/// <summary>
/// Finds the least of a measure over all texts of each rule, such as the length. Rules are settled in the order of their measure, as in
/// Knuth, "A generalization of Dijkstra's algorithm" (1977). So circles of rules are no problem.
/// </summary>
internal static class Leasts
{
    /// <summary>Measures the rules.</summary>
    /// <param name="grammar">The grammar.</param>
    /// <param name="measure">
    /// The measure of an alternative from those of its rules. It is never less than any of them, and <see cref="Grammar.Never"/> at most.
    /// </param>
    /// <returns>The least measure by rule; <see cref="Grammar.Never"/> for rules without a finite text.</returns>
    public static long[] Of(Grammar grammar, Func<Alternative, long[], long> measure)
    {
        var least = new long[grammar.Rules.Count];
        Array.Fill(least, Grammar.Never);
        var open = new int[grammar.AlternativeCount];
        var users = new List<Alternative>?[grammar.Rules.Count];
        var queue = new PriorityQueue<Alternative, long>();
        foreach (Alternative alternative in grammar.Rules.SelectMany(rule => rule.Alternatives))
        {
            HashSet<Rule> needed = [.. alternative.Symbols.Select(Needed).OfType<Rule>()];
            open[alternative.Index] = needed.Count;
            foreach (Rule rule in needed)
            {
                (users[rule.Index] ??= []).Add(alternative);
            }

            if (needed.Count == 0)
            {
                queue.Enqueue(alternative, measure(alternative, least));
            }
        }

        while (queue.TryDequeue(out Alternative? next, out long value))
        {
            Rule settled = next.Rule;
            if (value >= least[settled.Index])
            {
                continue;
            }

            least[settled.Index] = value;
            foreach (Alternative user in users[settled.Index] ?? [])
            {
                if (--open[user.Index] == 0)
                {
                    queue.Enqueue(user, measure(user, least));
                }
            }
        }

        return least;
    }

    private static Rule? Needed(Symbol symbol) => symbol as Rule ?? (symbol is Repeat { Min: > 0 } repeat ? repeat.Body : null);
}
