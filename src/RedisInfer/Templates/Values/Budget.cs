using System.Runtime.CompilerServices;

namespace RedisInfer.Templates.Values;

/// <summary>
/// What one run of a template may use. A template is a stranger's program: without bounds it could compute for ever, fill the memory, or
/// overflow the stack, which ends the process.
/// </summary>
internal sealed class Budget
{
    /// <summary>Most steps of a run: about a second.</summary>
    public const long MaxSteps = 20_000_000;

    /// <summary>Deepest nesting of expressions, blocks, calls and values.</summary>
    public const int MaxDepth = 400;

    // Made text and made items count as steps. So a run makes at most 80 MB of text, or 5 million items.
    private const int CharsPerStep = 2;
    private const int StepsPerItem = 4;
    private const int CharsPerCompare = 32;

    private long _steps;
    private int _depth;

    /// <summary>Takes one step.</summary>
    /// <exception cref="TemplateException">The run has no steps left.</exception>
    public void Step() => Spend(1);

    /// <summary>Pays for a text before it is made.</summary>
    /// <param name="chars">Its length.</param>
    public void SpendText(long chars) => Spend(1 + (chars / CharsPerStep));

    /// <summary>Pays for a search: in the worst case, each place of the text is compared with the part.</summary>
    public void SpendSearch(string text, string part) => SpendText(text.Length * (1L + (part.Length / CharsPerCompare)));

    /// <summary>Pays for items before they are made.</summary>
    /// <param name="count">Their number.</param>
    public void SpendItems(long count) => Spend(count > MaxSteps ? MaxSteps : 1 + (count * StepsPerItem));

    /// <summary>Enters a level of nesting. A run that fails is over, so levels are left only after success.</summary>
    public void Enter()
    {
        Step();
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException("something is nested too deeply");
    }

    /// <summary>Leaves a level of nesting.</summary>
    public void Leave() => _depth--;

    private void Spend(long steps)
    {
        if (steps > MaxSteps - _steps)
            throw new TemplateException("it takes too many steps or makes too much text");
        _steps += steps;
    }
}
