using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Words;

namespace RedisInfer.Tests.Unit.Corpus.Indexes;

/// <summary>A question finds its passage among others that share its common words.</summary>
public sealed class WordRetrievalTests
{
    private static readonly string[] Passages =
    [
        "Loaves are proved for ninety minutes at 27 degrees. The baker on the early shift lights the oven at 04:15.",
        "Rye bread is baked on Tuesdays and Fridays only, because the stone mill needs a day to be cleaned.",
        "Flour is ordered from the Karlsen mill by Wednesday noon. Deliveries arrive on Thursday through the side gate.",
        "Customers with allergies are shown the ingredients folder. Nut products are kept on the lowest shelf.",
        "| Code | Meaning |\n| --- | --- |\n| OV-12 | Oven door open |\n| OV-31 | Steam pressure too low |",
        "| Code | Meaning |\n| --- | --- |\n| MX-07 | Mixer bowl not locked |\n| MX-22 | Motor too hot, wait ten minutes |",
        "The till is counted twice at closing time. Differences above 15 euros are reported to the shop manager.",
        "Holiday requests are handed in six weeks ahead. In December nobody may be away for more than three days.",
        "Apprentices spend two days a week at the vocational school in Ravnsborg and are paid for the way there.",
        "The delivery van is a Renault from 2019. Its tyres are changed in the second week of November.",
        "public int CountLoaves(OvenBatch batch)\n{\n    return batch.Trays.Sum(tray => tray.LoafCount);\n}",
        "static bool is_oven_ready(const oven_state * state) {\n    return state->temp_celsius >= OVEN_MIN_TEMP;\n}",
        "public void PrintReceipt(Sale sale, ReceiptPrinter printer)\n{\n    printer.Write(sale.ToLines());\n}",
        "Fire extinguishers hang beside the oven and at the rear exit. They are inspected every March by Brannvakt.",
        "The cold store must stay between 2 and 5 degrees. An alarm sounds after twenty minutes above 8 degrees.",
        "Unsold bread is fetched at 18:30 by the food bank, except on Sundays, when it goes to the pig farm at Lunde.",
    ];

    [Theory]
    [InlineData("At what time does the baker light the oven?", 0)]
    [InlineData("On which days is rye bread baked?", 1)]
    [InlineData("Where do we order the flour?", 2)]
    [InlineData("customer asks about a nut allergy", 3)]
    [InlineData("What does OV-31 mean?", 4)]
    [InlineData("code MX-22", 5)]
    [InlineData("What has to be reported when the till is counted?", 6)]
    [InlineData("How early do I hand in a request for holidays?", 7)]
    [InlineData("How many days are apprentices at school?", 8)]
    [InlineData("changing the van's tyres", 9)]
    [InlineData("count loaves of a batch", 10)]
    [InlineData("where is it checked that the oven is ready", 11)]
    [InlineData("print a receipt", 12)]
    [InlineData("Who inspects the fire extinguishers?", 13)]
    [InlineData("temperature alarm in the cold store", 14)]
    [InlineData("Which charity takes bread we could not sell at the end of the day, the food bank?", 15)]
    public void QuestionFindsItsPassage(string question, int passage)
    {
        var reader = new WordReader();
        var postings = new WordPostings();
        for (int i = 0; i < Passages.Length; i++)
        {
            postings.Add(1, $"passage-{i}.md", [new ChunkWords(0, reader.Read(Passages[i]))]);
        }

        ChunkHit[] hits = postings.Search(reader.ReadQuestion(question), count: 3);

        Assert.Equal($"passage-{passage}.md", hits[0].Chunk.Path);
    }
}
