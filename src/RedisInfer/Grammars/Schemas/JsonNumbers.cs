using System.Globalization;

namespace RedisInfer.Grammars.Schemas;

/// <summary>
/// Numbers in a range, digit by digit. Integers have at most 15 digits unless a bound needs more. So every reader takes them for what they
/// are. No number has an exponent.
/// </summary>
internal sealed class JsonNumbers(GrammarBuilder grammar)
{
    /// <summary>Most digits after the point.</summary>
    public const int MaxDecimals = 9;

    /// <summary>The largest bound that is kept to. Beyond it, there is no bound.</summary>
    public const decimal LargestBound = 1e18m;

    private const decimal Largest = 999_999_999_999_999m;
    private const int DefaultDecimals = 2;

    private readonly ByteSet _digit = new(((byte)'0', (byte)'9'));
    private readonly ByteSet _nonzero = new(((byte)'1', (byte)'9'));
    private Rule? _integer;
    private Rule? _number;

    /// <summary>Any integer.</summary>
    public Rule Integer => _integer ??= grammar.NewRule([Sign(), Whole()]);

    /// <summary>Any number.</summary>
    public Rule Number
    {
        get
        {
            if (_number is null)
            {
                Rule fraction = grammar.NewRule([grammar.Literal("."), new Repeat(grammar.NewRule([_digit]), 1, 15)]);
                _number = grammar.NewRule([Sign(), Whole(), new Repeat(fraction, 0, 1)]);
            }

            return _number;
        }
    }

    /// <summary>Integers in a range.</summary>
    /// <param name="min">The least; <see langword="null"/>: no bound.</param>
    /// <param name="max">The largest; <see langword="null"/>: no bound.</param>
    /// <returns>The rule, without alternatives if no integer is in the range.</returns>
    public Rule Integers(decimal? min, decimal? max)
    {
        Rule rule = grammar.NewRule();
        (decimal low, decimal high) = Bounds(min, max);
        AddRange(rule, decimal.Ceiling(low), decimal.Floor(high), decimals: 0);
        return rule;
    }

    /// <summary>Numbers in a range: integers, and numbers with as many decimals as the bounds have, or 2.</summary>
    /// <param name="min">The least; <see langword="null"/>: no bound.</param>
    /// <param name="max">The largest; <see langword="null"/>: no bound.</param>
    /// <param name="isMinExcluded">Whether the least is not in the range.</param>
    /// <param name="isMaxExcluded">Whether the largest is not in the range.</param>
    /// <returns>The rule, without alternatives if there is no such number.</returns>
    public Rule Numbers(decimal? min, decimal? max, bool isMinExcluded, bool isMaxExcluded)
    {
        (decimal low, decimal high) = Bounds(min, max);
        int decimals = Math.Max(DefaultDecimals, Math.Max(DecimalsOf(low), DecimalsOf(high)));
        decimal unit = 1;
        for (int i = 0; i < decimals; i++)
        {
            unit *= 10;
        }

        (decimal first, decimal last) = ((low * unit) + (isMinExcluded ? 1 : 0), (high * unit) - (isMaxExcluded ? 1 : 0));
        Rule rule = grammar.NewRule();
        AddRange(rule, first, last, decimals);
        AddRange(rule, decimal.Ceiling(first / unit), decimal.Floor(last / unit), decimals: 0);
        return rule;
    }

    /// <summary>Digits after the point, without zeros at the end.</summary>
    public static int DecimalsOf(decimal number)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        int point = text.IndexOf('.', StringComparison.Ordinal);
        return point < 0 ? 0 : text.TrimEnd('0').Length - point - 1;
    }

    private static (decimal Low, decimal High) Bounds(decimal? min, decimal? max) =>
        (min ?? Math.Min(-Largest, max ?? 0), max ?? Math.Max(Largest, min ?? 0));

    private Repeat Sign() => new(grammar.NewRule([grammar.Literal("-")]), 0, 1);

    private Rule Whole()
    {
        Rule whole = grammar.NewRule([grammar.Literal("0")]);
        grammar.Add(whole, [_nonzero, new Repeat(grammar.NewRule([_digit]), 0, 14)]);
        return whole;
    }

    private void AddRange(Rule rule, decimal first, decimal last, int decimals)
    {
        if (first < 0 && first <= last)
        {
            AddPositive(rule, Math.Max(1, -Math.Min(last, -1)), -first, decimals, [grammar.Literal("-")]);
        }

        if (last >= 0 && first <= last)
        {
            AddPositive(rule, Math.Max(first, 0), last, decimals, []);
        }
    }

    private void AddPositive(Rule rule, decimal first, decimal last, int decimals, Symbol[] sign)
    {
        int shortest = Digits(first, decimals).Length;
        int longest = Digits(last, decimals).Length;
        for (int length = shortest; length <= longest; length++)
        {
            string low = length == shortest ? Digits(first, decimals) : "1" + new string('0', length - 1);
            string high = length == longest ? Digits(last, decimals) : new string('9', length);
            AddBetween(rule, low, high, "", length - decimals, sign);
        }
    }

    // Before a point is at least one digit.
    private static string Digits(decimal number, int decimals) =>
        decimal.Truncate(number).ToString("0", CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');

    /// <summary>Adds the numbers of one length between two others: those that begin with a prefix, one digit after another.</summary>
    private void AddBetween(Rule rule, string low, string high, string prefix, int point, Symbol[] sign)
    {
        int at = prefix.Length;
        bool isAll = low.AsSpan(at).TrimStart('0').IsEmpty && high.AsSpan(at).TrimStart('9').IsEmpty;
        if (isAll || at == low.Length)
        {
            AddDigits(rule, prefix, null, low.Length, point, sign);
            return;
        }

        if (low[at] == high[at])
        {
            AddBetween(rule, low, high, prefix + low[at], point, sign);
            return;
        }

        int rest = low.Length - at - 1;
        bool lowIsWhole = low.AsSpan(at + 1).TrimStart('0').IsEmpty, highIsWhole = high.AsSpan(at + 1).TrimStart('9').IsEmpty;
        char firstFree = (char)(low[at] + (lowIsWhole ? 0 : 1)), lastFree = (char)(high[at] - (highIsWhole ? 0 : 1));
        if (!lowIsWhole)
        {
            AddBetween(rule, low, prefix + low[at] + new string('9', rest), prefix + low[at], point, sign);
        }

        if (firstFree <= lastFree)
        {
            AddDigits(rule, prefix, new ByteSet(((byte)firstFree, (byte)lastFree)), low.Length, point, sign);
        }

        if (!highIsWhole)
        {
            AddBetween(rule, prefix + high[at] + new string('0', rest), high, prefix + high[at], point, sign);
        }
    }

    private void AddDigits(Rule rule, string prefix, ByteSet? next, int length, int point, Symbol[] sign)
    {
        List<Symbol> symbols = [.. sign];
        for (int i = 0; i < length; i++)
        {
            if (i == point)
            {
                symbols.Add(grammar.Literal("."));
            }

            symbols.Add(i < prefix.Length ? grammar.Literal(prefix[i].ToString()) : i == prefix.Length && next is not null ? next : _digit);
        }

        grammar.Add(rule, symbols);
    }
}
