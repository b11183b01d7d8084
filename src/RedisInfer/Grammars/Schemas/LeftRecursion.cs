namespace RedisInfer.Grammars.Schemas;

/// <summary>Finds rules that refer to themselves before a first byte. A matcher would never end with them.</summary>
internal static class LeftRecursion
{
    /// <summary>Looks for such a rule.</summary>
    /// <param name="grammar">The grammar.</param>
    /// <param name="candidates">The rules that may be in such a circle.</param>
    /// <returns>One of them; <see langword="null"/>: there is none.</returns>
    public static Rule? Find(Grammar grammar, IEnumerable<Rule> candidates)
    {
        HashSet<Rule> wanted = [.. candidates];
        bool[] mayBeEmpty = MayBeEmpty(grammar);

        // Depth first, with a stack of our own: rules may be in a row as long as the grammar.
        var done = new bool[grammar.Rules.Count];
        var isOpen = new bool[grammar.Rules.Count];
        foreach (Rule start in grammar.Rules)
        {
            var path = new Stack<(Rule Rule, IEnumerator<Rule> Next)>();
            Rule? current = done[start.Index] ? null : start;
            while (current is not null || path.Count > 0)
            {
                if (current is not null)
                {
                    isOpen[current.Index] = true;
                    path.Push((current, Firsts(current, mayBeEmpty).GetEnumerator()));
                }

                (Rule rule, IEnumerator<Rule> next) = path.Peek();
                current = null;
                if (!next.MoveNext())
                {
                    (isOpen[rule.Index], done[rule.Index]) = (false, true);
                    path.Pop();
                }
                else if (isOpen[next.Current.Index])
                {
                    return path.Select(entry => entry.Rule).FirstOrDefault(wanted.Contains) ?? next.Current;
                }
                else if (!done[next.Current.Index])
                {
                    current = next.Current;
                }
            }
        }

        return null;
    }

    private static bool[] MayBeEmpty(Grammar grammar)
    {
        long[] length = Leasts.Of(grammar, (alternative, least) => alternative.Symbols.Max(symbol => symbol switch
        {
            Rule rule => (long?)least[rule.Index],
            Repeat { Min: 0 } => 0,
            Repeat repeat => least[repeat.Body.Index],
            _ => 1,
        }) ?? 0);
        return [.. length.Select(least => least == 0)];
    }

    private static IEnumerable<Rule> Firsts(Rule rule, bool[] mayBeEmpty)
    {
        foreach (Alternative alternative in rule.Alternatives)
        {
            foreach (Symbol symbol in alternative.Symbols)
            {
                Rule? first = symbol as Rule ?? (symbol as Repeat)?.Body;
                if (first is null)
                {
                    break;
                }

                yield return first;
                if (symbol is Repeat ? !(symbol is Repeat { Min: 0 }) : !mayBeEmpty[first.Index])
                {
                    break;
                }
            }
        }
    }
}
