using RedisInfer.Scheduling;

namespace RedisInfer.Tests.Unit.Scheduling;

public sealed class StepWidthTests
{
    private readonly StepWidth _width = new(maxRows: 4);

    [Fact]
    public void EachWayIsTriedBeforeOneIsChosen()
    {
        Assert.Equal(2, _width.Choose(2));
        Add(2, milliseconds: 50);
        Assert.Equal(1, _width.Choose(2));
    }

    [Theory]
    [InlineData(22, 50, 1)] // 2 x 22 < 50
    [InlineData(22, 42, 2)]
    [InlineData(22, 45, 2)] // saves too little
    public void TwoTakeTurnsWhereThatSavesTime(double alone, double together, int expected)
    {
        Add(1, alone);
        Add(2, together);

        Assert.Equal(expected, _width.Choose(2));
    }

    [Fact]
    public void NumbersOfRowsAreJudgedEachForItself()
    {
        Add(1, 22);
        Add(2, 50);
        Add(4, 60);

        Assert.Equal((1, 4), (_width.Choose(2), _width.Choose(4)));
    }

    [Fact]
    public void DisturbedStepChangesNothing()
    {
        Add(1, 22);
        Add(2, 42);
        Add(2, 400);

        Assert.Equal(2, _width.Choose(2));
    }

    [Fact]
    public void WayNotTakenIsTriedAgainAfterAWhile()
    {
        Add(1, 22);
        Add(2, 50);
        for (int step = 0; step < StepWidth.ProbeInterval; step++)
        {
            Assert.Equal(1, _width.Choose(2));
            Add(1, 22);
        }

        Assert.Equal(2, _width.Choose(2));
    }

    [Fact]
    public void OneAloneTakesItsStep() => Assert.Equal((0, 1), (_width.Choose(0), _width.Choose(1)));

    private void Add(int rows, double milliseconds) => _width.Add(rows, TimeSpan.FromMilliseconds(milliseconds));
}
