using System.Collections.Frozen;

namespace RedisInfer.Words;

/// <summary>English articles, pronouns, prepositions, question words and similar words, which say nothing about a text's subject.</summary>
internal static class FunctionWords
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words =
        """
        a about above across after again against all almost along already also although always am among an and another any
        anybody anyone anything anywhere are aren around as at away back be became because become been before behind being
        below beneath beside besides between beyond both but by came can cannot come could couldn did didn do does doesn doing
        don done down during each either else enough etc even ever every everybody everyone everything everywhere except few
        for from further get gets getting give given gives go goes going gone got had hadn has hasn have haven having he
        hence her here hers herself him himself his how however i if in indeed instead into is isn it its itself just last
        least less let lets like likely ll made make makes making many may maybe me might mine more most much must mustn my
        myself near nearly need needs neither never nevertheless no nobody none nor not nothing now nowhere of off often on
        once one only onto or other others otherwise ought our ours ourselves out over own per perhaps please quite rather re
        really s said same say says see seem seems shall she should shouldn since so some somebody someone something sometimes
        somewhere soon still such t take takes tell than that the their theirs them themselves then there therefore these they
        thing things this those though through throughout thus till to together too toward towards under unless until up upon
        us use used uses using usually ve very via want wants was wasn way we well went were weren what whatever when whenever
        where whether which while who whoever whole whom whose why will with within without won would wouldn yes yet you your
        yours yourself
        """
        .Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .ToFrozenSet(StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a word is a function word.</summary>
    /// <param name="word">The word in lower case.</param>
    public static bool Contains(ReadOnlySpan<char> word) => Words.Contains(word);
}
