using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace RedisInfer.Documents.Pdf;

/// <summary>PdfPig's filters, with a limit on what they may unpack. PdfPig asks for them at every stream, so time is checked here, too.</summary>
internal sealed class PdfFilters(ReadingBudget budget) : IFilterProvider
{
    private readonly IFilterProvider _filters = DefaultFilterProvider.Instance;

    /// <summary>The budget of the document.</summary>
    public ReadingBudget Budget => budget;

    /// <inheritdoc/>
    public IReadOnlyList<IFilter> GetFilters(DictionaryToken streamDictionary) => Measured(_filters.GetFilters(streamDictionary));

    /// <inheritdoc/>
    public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names) => Measured(_filters.GetNamedFilters(names));

    /// <inheritdoc/>
    public IReadOnlyList<IFilter> GetAllFilters() => Measured(_filters.GetAllFilters());

    private IReadOnlyList<IFilter> Measured(IReadOnlyList<IFilter> filters)
    {
        budget.Check();
        return [.. filters.Select(filter => new PdfMeasuredFilter(filter, budget))];
    }
}
