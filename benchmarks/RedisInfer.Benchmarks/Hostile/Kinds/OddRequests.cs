namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>Requests as a stranger may send them to a host.</summary>
internal static class OddRequests
{
    private static readonly string[] Patterns =
    [
        "*", "**", "**/*.md", "?", "[a-z]*", "[", "[]", "[!", "\\", "\\*", "/", "//", "!a", "#a", " ", "a/**/b/**/c/**/d", "***",
        "**/**/**/**/*", "*a*a*a*a*a*a*a*b", "[[:alpha:]]", "{a,b}", "docs/", "../..", "C:\\*", "**a", "a**", "[z-a]", "[\\]",
        "*/*/*/*/*/*/*/*/*/*",
    ];

    /// <summary>A request. Its answer is short, so that many can be asked.</summary>
    public static RagRequest Make(Random random, int mostQuestion) => new(Question(random, mostQuestion))
    {
        TopK = random.Chance(.8) ? 1 + random.Next(4) : OddValues.Int32(random),
        MinScore = random.Chance(.8) ? 0 : OddValues.Single(random),
        Retrieval = random.Chance(.8) ? null : (RetrievalMode)OddValues.Int32(random),
        Filter = random.Chance(.3) ? Filter(random) : null,
        Neighbors = random.Chance(.8) ? random.Next(3) : OddValues.Int32(random),
        MaxOutputTokens = random.Chance(.9) ? 1 + random.Next(6) : Math.Min(6, OddValues.Int32(random)),
        Caller = random.Chance(.05) ? null! : random.Chance(.5) ? "" : OddValues.Text(random, 200),
        Priority = random.Chance(.9) ? 1 : OddValues.Int32(random),
        PassageReuse = random.Chance(.8) ? null : random.Chance(.7) ? PassageReuse.Independent : (PassageReuse)OddValues.Int32(random),
        Sampling = random.Chance(.5) ? null : Sampling(random),
        StopSequences = random.Chance(.6) ? [] : StopSequences(random),
        History = random.Chance(.6) ? null : Many(random, 110, () => Turn(random, mostQuestion)),
        FollowUp = random.Chance(.8) ? null : (FollowUpSearch)random.Next(4),
        Instructions = random.Chance(.8) ? "" : random.Chance(.05) ? null! : OddValues.Text(random, 400),
    };

    /// <summary>A turn as a client may send it back, which it may have changed.</summary>
    private static RagTurn Turn(Random random, int most) => random.Chance(.01) ? null! : new(Question(random, most), OddValues.Text(random, most))
    {
        Passages = random.Chance(.01) ? null! : Many(random, 2200, () => random.Chance(.01) ? null! : Passage(random)),
    };

    private static RagPassage Passage(Random random) => new()
    {
        Number = random.Chance(.9) ? 1 + random.Next(9) : OddValues.Int32(random),
        Path = random.Chance(.01) ? null! : OddValues.Text(random, 100),
        Chunk = OddValues.Int32(random),
        StartLine = OddValues.Int32(random),
        EndLine = OddValues.Int32(random),
        Trail = random.Chance(.8) ? "" : OddValues.Text(random, 100),
        Score = OddValues.Single(random),
        Text = random.Chance(.01) ? null! : OddValues.Text(random, 600),
        TokenCount = OddValues.Int32(random),
    };

    /// <summary>Sampler settings, mostly in range.</summary>
    public static SamplingOptions Sampling(Random random) => new()
    {
        Temperature = random.Chance(.7) ? random.NextSingle() * 2 : OddValues.Single(random),
        TopK = random.Chance(.7) ? random.Next(100) : OddValues.Int32(random),
        TopP = random.Chance(.7) ? 1 - (random.NextSingle() * .9f) : OddValues.Single(random),
        MinP = random.Chance(.7) ? random.NextSingle() : OddValues.Single(random),
        RepetitionPenalty = random.Chance(.7) ? 1 + random.NextSingle() : OddValues.Single(random),
        RepetitionWindow = random.Chance(.7) ? random.Next(200) : OddValues.Int32(random),
        Seed = random.Chance(.5) ? 1 : unchecked((uint)OddValues.Integer(random)),
    };

    private static string Question(Random random, int most) => random.Next(10) switch
    {
        0 => random.Chance(.2) ? null! : random.Pick((string[])["", " ", "\n\t", "\0"]),
        1 => $"How long are backups kept? {OddValues.Text(random, 200)}",
        2 => string.Join(' ', Enumerable.Range(0, random.Next(most / 8)).Select(i => $"w{random.Next(i + 2)}")),
        _ => OddValues.Text(random, most),
    };

    private static RagFilter Filter(Random random) => new()
    {
        Paths = random.Chance(.02) ? null! : Many(random, 300, () => random.Chance(.7) ? random.Pick(Patterns) : OddValues.Text(random, 1100)),
        Tags = random.Chance(.7) ? [] : random.Chance(.02) ? null! : Many(random, 300, () => random.Chance(.02) ? null! : OddValues.Text(random, 50)),
        Metadata = random.Chance(.7)
            ? new Dictionary<string, string>()
            : Many(random, 300, () => OddValues.Text(random, 50)).Distinct().ToDictionary(name => name, name => random.Chance(.02) ? null! : name),
    };

    private static string[] StopSequences(Random random) =>
        random.Chance(.02) ? null! : Many(random, 40, () => random.Chance(.02) ? null! : OddValues.Text(random, 300));

    private static T[] Many<T>(Random random, int most, Func<T> make) =>
        [.. Enumerable.Range(0, random.Chance(.05) ? random.Next(most) : random.Next(4)).Select(_ => make())];
}
