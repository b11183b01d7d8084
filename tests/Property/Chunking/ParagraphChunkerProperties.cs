using FsCheck;
using FsCheck.Fluent;
using RedisInfer.Chunking;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Chunking;

namespace RedisInfer.Tests.Property.Chunking;

public sealed class ParagraphChunkerProperties
{
    public static TheoryData<string> Counters => Chunking.Counters.Names;

    private static Gen<ParagraphChunker> AnyChunker { get; } =
        from max in Gen.Elements(16, 17, 24, 40, 128)
        from overlap in Gen.Choose(0, 1)
        select new ParagraphChunker(new ChunkingOptions { MaxTokens = max, Overlap = overlap });

    [Theory]
    [MemberData(nameof(Counters))]
    public void NoChunkIsOverTheCeiling(string counter)
    {
        TokenCounter count = Chunking.Counters.Named(counter);
        Check(AnyChunker, (chunker, text) =>
        {
            int max = int.Parse(chunker.Identity.Split("max=")[1].Split(' ')[0]);
            return chunker.Split(text, count).All(chunk => count(chunk.Text) <= max);
        });
    }

    [Theory]
    [MemberData(nameof(Counters))]
    public void ChunksWithoutOverlapAreTheDocumentInOrder(string counter)
    {
        TokenCounter count = Chunking.Counters.Named(counter);
        Check(Chunker(20, 0), (chunker, text) =>
            string.Concat(chunker.Split(text, count).Select(chunk => Ink(chunk.Text))) == Ink(text));
    }

    [Theory]
    [MemberData(nameof(Counters))]
    public void ChunksWithOverlapLeaveNoGapAndGoForward(string counter)
    {
        TokenCounter count = Chunking.Counters.Named(counter);
        Check(Chunker(24, 1), (chunker, text) =>
        {
            string ink = Ink(text);
            // All places where the chunks so far may come from, because a text may repeat itself: (start of the last chunk, its end).
            HashSet<(int Start, int End)> places = [(-1, 0)];
            foreach (string chunk in chunker.Split(text, count).Select(chunk => Ink(chunk.Text)))
            {
                places = [.. places.SelectMany(place =>
                    Enumerable.Range(place.Start + 1, place.End - place.Start)
                        .Where(start => string.CompareOrdinal(ink, start, chunk, 0, chunk.Length) == 0 && start + chunk.Length > place.End)
                        .Select(start => (start, start + chunk.Length)))];
            }

            return places.Any(place => place.End == ink.Length);
        });
    }

    [Theory]
    [MemberData(nameof(Counters))]
    public void EveryLineWithTextIsInARangeThatHoldsIt(string counter)
    {
        TokenCounter count = Chunking.Counters.Named(counter);
        Check(AnyChunker, (chunker, text) =>
        {
            string[] lines = LinesOf(text);
            IReadOnlyList<Chunk> chunks = chunker.Split(text, count);
            bool rangesHoldTheText = chunks.All(chunk =>
                Ink(string.Concat(lines[(chunk.StartLine - 1)..chunk.EndLine])).Contains(Ink(chunk.Text), StringComparison.Ordinal)
                && lines[chunk.StartLine - 1].Contains(chunk.Text.Split('\n')[0].Trim(), StringComparison.Ordinal)
                && lines[chunk.EndLine - 1].Contains(chunk.Text.Split('\n')[^1].Trim(), StringComparison.Ordinal));
            bool everyLineIsIn = Enumerable.Range(1, lines.Length)
                .Where(line => !string.IsNullOrWhiteSpace(lines[line - 1]))
                .All(line => chunks.Any(chunk => chunk.StartLine <= line && line <= chunk.EndLine));
            return rangesHoldTheText && everyLineIsIn;
        });
    }

    [Fact]
    public void IndexesAreGaplessTextsAreInkedAndLinesGoForward() => Check(AnyChunker, (chunker, text) =>
    {
        IReadOnlyList<Chunk> chunks = chunker.Split(text, Chunking.Counters.Merging);
        return chunks.Index().All(pair => pair.Item.Index == pair.Index && pair.Item.StartLine <= pair.Item.EndLine
            && !string.IsNullOrWhiteSpace(pair.Item.Text.Split('\n')[0]) && !string.IsNullOrWhiteSpace(pair.Item.Text.Split('\n')[^1])
            && !pair.Item.Text.Contains('\r'))
            && chunks.Zip(chunks.Skip(1)).All(pair => pair.First.StartLine <= pair.Second.StartLine
                && pair.First.EndLine <= pair.Second.EndLine && pair.Second.StartLine >= pair.First.StartLine);
    });

    [Fact]
    public void TheSameTextGivesTheSameChunks() => Check(AnyChunker, (chunker, text) =>
        chunker.Split(text, Chunking.Counters.Merging).SequenceEqual(chunker.Split(new string(text), Chunking.Counters.Merging)));

    [Fact]
    public void LineEndsDoNotChangeTheChunks() => Prop.ForAll(
        Gen.OneOf(DocumentTexts.Prose, DocumentTexts.Markdown, DocumentTexts.Code).ToArbitrary(),
        text =>
        {
            var chunker = new ParagraphChunker(new ChunkingOptions { MaxTokens = 40 });
            IReadOnlyList<Chunk> unix = chunker.Split(text, Chunking.Counters.Words);
            return unix.SequenceEqual(chunker.Split(text.Replace("\n", "\r\n"), Chunking.Counters.Words))
                && unix.SequenceEqual(chunker.Split(text.Replace('\n', '\r'), Chunking.Counters.Words))
                && unix.SequenceEqual(chunker.Split('\uFEFF' + text, Chunking.Counters.Words));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void OverlapIsExactlyTheParagraphsAskedForAndChunksAreFull(int overlap) => Prop.ForAll(
        DocumentTexts.ShortParagraphs.ToArbitrary(),
        paragraphs =>
        {
            var chunker = new ParagraphChunker(new ChunkingOptions { MaxTokens = 20, Overlap = overlap });
            List<string> expected = [];
            for (int first = 0; first < paragraphs.Length;)
            {
                int last = first;
                while (last + 1 < paragraphs.Length && Words(first, last + 1) <= 20)
                    last++;
                expected.Add(string.Join("\n\n", paragraphs[first..(last + 1)]));
                if (last + 1 == paragraphs.Length)
                    break;
                // A paragraph of more than a quarter of the maximum is not repeated.
                bool isRepeated = overlap > 0 && last > first && Words(last, last) <= 5 && Words(last, last + 1) <= 20;
                first = isRepeated ? last : last + 1;
            }

            return chunker.Split(string.Join("\n\n\n", paragraphs), Chunking.Counters.Words)
                .Select(chunk => chunk.Text).SequenceEqual(expected);

            int Words(int first, int last) => Chunking.Counters.Words(string.Join(' ', paragraphs[first..(last + 1)]));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void NoChunkBeginsOrEndsInsideASurrogatePair() => Prop.ForAll(
        DocumentTexts.Many(Gen.Elements("😀", "𝔘x", "a😀😀"), 1, 300).ToArbitrary(),
        parts => new ParagraphChunker(new ChunkingOptions { MaxTokens = 16 })
            .Split(string.Concat(parts), Chunking.Counters.Thirds)
            .All(chunk => !char.IsLowSurrogate(chunk.Text[0]) && !char.IsHighSurrogate(chunk.Text[^1])))
        .QuickCheckThrowOnFailure();

    private static Gen<ParagraphChunker> Chunker(int maxTokens, int overlap) =>
        Gen.Constant(new ParagraphChunker(new ChunkingOptions { MaxTokens = maxTokens, Overlap = overlap }));

    private static void Check(Gen<ParagraphChunker> chunkers, Func<ParagraphChunker, string, bool> holds) =>
        Prop.ForAll(chunkers.ToArbitrary(), DocumentTexts.Any.ToArbitrary(), holds).QuickCheckThrowOnFailure();

    private static string Ink(string text) =>
        string.Concat(text.TrimStart('\uFEFF').Where(c => !char.IsWhiteSpace(c)));

    private static string[] LinesOf(string text) =>
        text.TrimStart('\uFEFF').Replace("\r\n", "\n").Replace('\r', '\n').Split('\n');
}
