using System.Collections.Frozen;

namespace RedisInfer.Retrieval;

/// <summary>
/// Words that say little about what a text is about, because most texts hold them. A stand-in for the document frequencies
/// that a corpus would give: an embedding must not change when other documents come.
/// </summary>
internal static class CommonWords
{
    private static readonly FrozenSet<string> FunctionWords = Set(
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
        """);

    private static readonly FrozenSet<string> FrequentWords = Stems(
        """
        able add added allow allowed answer apply ask available bad base based begin best better big bool break bring byte call
        called case cause change char check class close code common complete const contain contains correct count create current
        data day days default define describe detail different differ do double else end enum error exact example explain false
        fact file find first float follow following found free full func function general good great group hand happen help
        high hold include info int integer item keep kept kind know large later left length level line list little live long
        look low main man matter mean means mention method move name named namespace new next nil note null number object old
        open option order parameter part people person place point possible present private problem process program public
        put question read reason receive refer related require required result return right run same second section self set
        several short show side simple single size small sort start state static std step stop string struct sure system table
        task template test text think three time times today total true try turn two type under understand unsigned update user
        valid value values var variable various version void week word words work world write wrong year years
        auto size_t uint fn pub impl mut def elif import from export require async await let type interface override virtual
        protected internal readonly sealed partial using foreach throw throws catch finally try switch case goto typedef inline
        extern template typename operator delete sizeof this nullptr summary param returns inheritdoc todo fixme
        """);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Function =
        FunctionWords.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Frequent =
        FrequentWords.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a word in lower case is an article, pronoun, question word and the like.</summary>
    public static bool IsFunctionWord(ReadOnlySpan<char> word) => Function.Contains(word);

    /// <summary>Whether a stem is that of a word found in very many texts or source files.</summary>
    public static bool IsFrequent(ReadOnlySpan<char> stem) => Frequent.Contains(stem);

    private static FrozenSet<string> Stems(string words) =>
        Set(words).Select(word => word[..EnglishStem.Length(word)]).ToFrozenSet(StringComparer.Ordinal);

    private static FrozenSet<string> Set(string words) =>
        words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
