using FsCheck;
using FsCheck.Fluent;
using RedisInfer.Llama;

namespace RedisInfer.Tests.Unit.Llama;

public sealed class SequenceTableTests
{
    private const int Limit = 1000;

    [Fact]
    public void LengthIsOneAboveTheLastPosition()
    {
        var table = new SequenceTable(2);
        Assert.Equal(0, table[0].Length);

        table[0].Append(10);
        table.Remove(0, 2, 5);
        Assert.Equal(10, table[0].Length);
        Assert.Equal([new PositionRange(0, 2), new PositionRange(5, 10)], table[0].Ranges);

        table.Remove(0, 5, int.MaxValue);
        Assert.Equal(2, table[0].Length);
    }

    [Fact]
    public void CopyGivesThePositionsOfTheRange()
    {
        var table = new SequenceTable(3);
        table[0].Append(10);

        table.Copy(0, 1, table.CheckCopy(0, 1, 4, int.MaxValue));

        Assert.Equal([new PositionRange(4, 10)], table[1].Ranges);
        Assert.Throws<ArgumentException>(() => table.CheckCopy(0, 1, 9, 10));
        Assert.Equal([new PositionRange(0, 4)], table.CheckCopy(0, 1, 0, 4));
    }

    [Fact]
    public void ShiftIsRefusedWhileCellsAreShared()
    {
        var table = new SequenceTable(3);
        table[0].Append(10);
        table.Copy(0, 1, table.CheckCopy(0, 1, 0, 5));
        table.Copy(1, 2, table.CheckCopy(1, 2, 0, 5));

        // Sequences 0 and 2 share cells, although neither was copied to the other.
        table.Remove(1, 0, int.MaxValue);

        Assert.Throws<ArgumentException>(() => table.CheckShift(0, 0, 10, 1, Limit));
        table.Remove(2, 0, int.MaxValue);
        Assert.Single(table.CheckShift(0, 0, 10, 1, Limit));
    }

    [Theory]
    [InlineData(0, 10, -1)]
    [InlineData(5, 10, -6)]
    [InlineData(0, 10, 991)]
    [InlineData(0, 10, int.MaxValue)]
    [InlineData(0, 10, int.MinValue)]
    public void ShiftOutOfTheRangeOfPositionsIsRefused(int start, int end, int delta)
    {
        var table = new SequenceTable(1);
        table[0].Append(10);

        Assert.Throws<ArgumentOutOfRangeException>(() => table.CheckShift(0, start, end, delta, Limit));
    }

    [Theory]
    [InlineData(2, 4, -1, true)]
    [InlineData(2, 4, 1, true)]
    [InlineData(2, 4, 7, true)]
    [InlineData(2, 4, 8, false)]
    [InlineData(0, 10, 1, false)]
    [InlineData(5, 10, 3, false)]
    [InlineData(5, 10, -3, true)]
    public void ShiftOntoPositionsThatStayIsRefused(int start, int end, int delta, bool refused)
    {
        var table = new SequenceTable(1);
        table[0].Append(10);

        Assert.Equal(refused, Record.Exception(() => table.CheckShift(0, start, end, delta, Limit)) is ArgumentException);
    }

    [Fact]
    public void ShiftIsPendingUntilADecodeAndTravelsWithCopies()
    {
        var table = new SequenceTable(3);
        table[0].Append(10);
        table.Shift(0, table.CheckShift(0, 0, 10, 5, Limit), 5);
        Assert.True(table.IsShiftPending(0));
        Assert.Equal([new PositionRange(5, 15)], table[0].Ranges);

        table.Copy(0, 1, table.CheckCopy(0, 1, 0, 20));
        Assert.True(table.IsShiftPending(1));
        Assert.False(table.IsShiftPending(2));

        table.ShiftsApplied();
        Assert.False(table.AnyShiftPending);
    }

    [Fact]
    public void PositionsAreThoseOfASet()
    {
        Gen<(int Start, int Length, bool Add)> steps =
            from start in Gen.Choose(0, 40) from length in Gen.Choose(1, 12) from add in Gen.Elements(true, false) select (start, length, add);

        Prop.ForAll(steps.ListOf(30).ToArbitrary(), list =>
        {
            var positions = new SequencePositions();
            var expected = new SortedSet<int>();
            foreach ((int start, int length, bool add) in list)
            {
                var range = new PositionRange(start, start + length);
                IEnumerable<int> values = Enumerable.Range(start, length);
                if (!add)
                {
                    positions.Remove(range.Start, range.End);
                    expected.ExceptWith(values);
                }
                else if (positions.Overlaps(range) != expected.Overlaps(values))
                {
                    return false;
                }
                else if (!positions.Overlaps(range))
                {
                    positions.Add(range);
                    expected.UnionWith(values);
                }
            }

            return positions.Ranges.SelectMany(r => Enumerable.Range(r.Start, r.End - r.Start)).SequenceEqual(expected)
                && positions.Ranges.Zip(positions.Ranges.Skip(1)).All(pair => pair.First.End < pair.Second.Start)
                && positions.Length == (expected.Count == 0 ? 0 : expected.Max + 1);
        }).QuickCheckThrowOnFailure();
    }
}
