using System.Numerics;
using System.Runtime.InteropServices;
using RedisInfer.Errors;

namespace RedisInfer.Corpus.Indexes;

/// <summary>
/// For each word, the numbers of the chunks that hold it, in the order they were added. The list of a word is in blocks of 1, 2, 4, ...
/// postings in two flat arrays. So millions of lists need no object each, and a long list is read forwards, the best order for memory. Not
/// thread-safe.
/// </summary>
internal sealed class PostingLists
{
    /// <summary>Maximum number of blocks of a word's list.</summary>
    public const int MaxBlocks = 31;

    private const int LeastCapacity = 1024;

    private readonly Dictionary<uint, Entry> _words = [];
    private int[] _slots = [];
    private byte[] _counts = [];
    private int _used;

    /// <summary>Adds a posting at the end of a word's list.</summary>
    public void Add(uint word, int slot, byte count)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_words, word, out _);
        int number = entry.Added + 1;
        if (BitOperations.IsPow2(number))
            entry.Head = NewBlock(number, entry.Head);
        int position = entry.Head + number - HighestPower(number);
        _slots[position] = slot;
        _counts[position] = count;
        entry.Added = number;
        entry.Alive++;
    }

    /// <summary>Lowers the number of chunks that hold the word by one. The posting stays.</summary>
    public void Forget(uint word) => CollectionsMarshal.GetValueRefOrNullRef(_words, word).Alive--;

    /// <summary>Finds a word's list.</summary>
    /// <param name="word">The word.</param>
    /// <param name="blocks">Receives its blocks, at most <see cref="MaxBlocks"/>, oldest first.</param>
    /// <param name="alive">Number of chunks that hold it and are not forgotten.</param>
    /// <returns>The number of blocks.</returns>
    public int Find(uint word, Span<Block> blocks, out int alive)
    {
        if (!_words.TryGetValue(word, out Entry entry))
        {
            alive = 0;
            return 0;
        }

        alive = entry.Alive;
        int count = BitOperations.Log2((uint)entry.Added) + 1;
        int start = entry.Head;
        int length = entry.Added - HighestPower(entry.Added) + 1;
        for (int block = count - 1; block >= 0; block--)
        {
            blocks[block] = new Block(start, length);
            if (block == 0)
                break;
            start = _slots[start - 1];
            length = 1 << (block - 1);
        }

        return count;
    }

    /// <summary>The chunks of a block.</summary>
    public ReadOnlySpan<int> Slots(Block block) => _slots.AsSpan(block.Start, block.Length);

    /// <summary>How often each chunk of a block holds the word.</summary>
    public ReadOnlySpan<byte> Counts(Block block) => _counts.AsSpan(block.Start, block.Length);

    /// <summary>The capacity of the arrays when they grow: half as much again, as long as an array can be that long.</summary>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.OverBudget"/>: no array can hold so many postings.</exception>
    internal static int CapacityFor(long used)
    {
        if (used > Array.MaxLength)
        {
            throw new RedisInferException(
                RedisInferErrorCode.OverBudget,
                $"The corpus has more than {Array.MaxLength} different words of chunks, the most that one process can rank. Split the corpus.");
        }

        return (int)Math.Clamp(used + (used / 2), LeastCapacity, Array.MaxLength);
    }

    private static int HighestPower(int number) => 1 << BitOperations.Log2((uint)number);

    /// <summary>Makes room for a block. The slot before its first posting holds the start of the previous block.</summary>
    private int NewBlock(int size, int before)
    {
        int header = size == 1 ? 0 : 1;
        int start = _used + header;
        long end = (long)start + size;
        if (end > _slots.Length)
        {
            int capacity = CapacityFor(end);
            Array.Resize(ref _slots, capacity);
            Array.Resize(ref _counts, capacity);
        }

        _used = (int)end;
        if (header > 0)
            _slots[start - 1] = before;
        return start;
    }

    /// <summary>A range of the arrays.</summary>
    public readonly record struct Block(int Start, int Length);

    private struct Entry
    {
        public int Head;
        public int Added;
        public int Alive;
    }
}
