using RedisInfer.Scheduling.Drafts;

namespace RedisInfer.Tests.Unit.Scheduling;

public sealed class StepPlannerTests
{
    private const int MaxRows = 32;

    private readonly StepPlanner _planner = new(MaxRows, maxSequences: 4);

    [Fact]
    public void EachWayIsTriedBeforeOneIsChosen()
    {
        Assert.Equal(new StepPlan(2, 1), Choose(2));
        Add(2, 2, milliseconds: 50);
        Assert.Equal(new StepPlan(1, 1), Choose(2));
    }

    [Theory]
    [InlineData(22, 50, 1)] // 2 x 22 < 50
    [InlineData(22, 42, 2)]
    [InlineData(22, 45, 2)] // saves too little
    public void TwoTakeTurnsWhereThatSavesTime(double alone, double together, int expected)
    {
        Add(1, 1, alone);
        Add(2, 2, together);

        Assert.Equal(new StepPlan(expected, 1), Choose(2));
    }

    [Fact]
    public void NumbersOfSequencesAreJudgedEachForItself()
    {
        Add(1, 1, 22);
        Add(2, 2, 50);
        Add(4, 4, 60);

        Assert.Equal((new StepPlan(1, 1), new StepPlan(4, 1)), (Choose(2), Choose(4)));
    }

    [Fact]
    public void DisturbedStepChangesNothing()
    {
        Add(1, 1, 22);
        Add(2, 2, 42);
        Add(2, 2, 400);

        Assert.Equal(new StepPlan(2, 1), Choose(2));
    }

    [Fact]
    public void WayNotTakenIsTriedAgainAfterAWhile()
    {
        Add(1, 1, 22);
        Add(2, 2, 50);
        for (int step = 0; step < StepCosts.ProbeInterval; step++)
        {
            Assert.Equal(new StepPlan(1, 1), Choose(2));
            Add(1, 1, 22);
        }

        Assert.Equal(new StepPlan(2, 1), Choose(2));
    }

    [Fact]
    public void OneAloneTakesItsStep() => Assert.Equal((new StepPlan(0, 1), new StepPlan(1, 1)), (Choose(0), Choose(1)));

    // 24 ms for a row, 72 for eight: a token proposed must be likely to be worth its row.
    [Theory]
    [InlineData(0.99, 8)]
    [InlineData(0.4, 1)]
    public void LikelyTokensGetRowsAndOthersDoNot(double likely, int expected)
    {
        Costs();

        Assert.Equal(new StepPlan(1, expected), _planner.Choose([Offer(0, likely, most: 7)], sharesCells: false));
    }

    [Fact]
    public void OneThatCopiesGoesAloneAndTheOthersFollow()
    {
        Costs();
        DraftOffer copies = Offer(0, .99, most: 7), writes = Offer(1, 0, most: 0);

        Assert.Equal(new StepPlan(1, 8), _planner.Choose([copies, writes], sharesCells: false));

        // The other has waited longer: it has a row in the next step.
        Assert.Equal(new StepPlan(2, 8), _planner.Choose([writes, copies], sharesCells: false));
    }

    [Fact]
    public void WhileAPromptIsReadTheStepEndsInTime()
    {
        Costs();
        DraftOffer[] waiting = [Offer(0, .99, most: 7)];

        Assert.Equal(new StepPlan(1, 8), _planner.Choose(waiting, sharesCells: false, TimeSpan.FromMilliseconds(80)));
        Assert.Equal(new StepPlan(1, 1), _planner.Choose(waiting, sharesCells: false, TimeSpan.FromMilliseconds(25)));
        Assert.Equal(new StepPlan(1, 1), _planner.Choose(waiting, sharesCells: false, TimeSpan.FromMilliseconds(-5)));
    }

    [Theory]
    [InlineData(true, 1, 7, 0)]
    [InlineData(false, 1, 7, 7)]
    [InlineData(false, 2, 7, 0)] // first a row of each, then the others of the first
    public void PassesAreCountedAsLlamaCppMakesThem(bool sharesCells, int passes, int first, int second) => Assert.Equal(
        passes, _planner.Passes([Offer(0, .9, first), Offer(1, .9, second)], new StepPlan(2, 8), sharesCells));

    [Fact]
    public void AGapBetweenIdsIsAnotherPass() => Assert.Equal(
        2, _planner.Passes([Offer(2, .9, 0), Offer(0, .9, 0)], new StepPlan(2, 1), sharesCells: false));

    private static DraftOffer Offer(int id, double likely, int most)
    {
        // As many of the tokens that followed each of these were the same again.
        var odds = new DraftOdds();
        for (int token = 1; token <= 12; token++)
        {
            for (int i = 0; i < 1000; i++)
            {
                odds.Add(4, token, i % 100 < likely * 100);
            }
        }

        var drafts = new TokenDrafts(odds, most: 15);
        drafts.Look([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4], room: most);
        return new DraftOffer(id, drafts);
    }

    private void Costs()
    {
        Add(1, 1, 24);
        Add(1, 2, 42);
        Add(1, 4, 52);
        Add(1, 5, 57);
        Add(1, 6, 62);
        Add(1, 7, 67);
        Add(1, 8, 72);
        Add(2, 2, 42);
    }

    private StepPlan Choose(int sequences) =>
        _planner.Choose([.. Enumerable.Range(0, sequences).Select(id => new DraftOffer(id, null))], sharesCells: false);

    private void Add(int sequences, int rows, double milliseconds) => _planner.Measured(sequences, rows, TimeSpan.FromMilliseconds(milliseconds));
}
