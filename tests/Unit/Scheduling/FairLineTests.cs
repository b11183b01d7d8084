using RedisInfer.Scheduling;

namespace RedisInfer.Tests.Unit.Scheduling;

public sealed class FairLineTests
{
    private readonly FairLine<string> _line = new();

    [Fact]
    public void OneCallerIsServedInOrder()
    {
        Add("a1 a2 a3");

        Assert.Equal("a1 a2 a3", TakeAll());
    }

    [Fact]
    public void CallersTakeTurns()
    {
        Add("a1 a2 a3 a4 b1 b2 c1");

        Assert.Equal("a1 b1 c1 a2 b2 a3 a4", TakeAll());
    }

    [Fact]
    public void CallerWithPriorityIsServedMoreOftenAndNotAlone()
    {
        Add("a1 a2 a3 a4 a5", priority: 3);
        Add("b1 b2");

        Assert.Equal("a1 a2 a3 b1 a4 a5 b2", TakeAll());
    }

    [Fact]
    public void NewcomerStandsBehindThoseWhoWaitAndBeforeTheirSecondTurn()
    {
        Add("a1 a2 b1 b2");
        Assert.Equal("a1", _line.Take());
        Add("c1");

        Assert.Equal("b1 a2 c1 b2", TakeAll());
    }

    [Fact]
    public void WhoeverIsRemovedDisturbsNobody()
    {
        Add("a1 a2 b1 c1 c2");
        List<string> removed = [];

        _line.RemoveWhere(item => item is "a1" or "b1" or "c2", removed.Add);

        Assert.Equal(["a1", "b1", "c2"], removed);
        Assert.Equal(2, _line.Count);
        Assert.Equal("a2 c1", TakeAll());
    }

    [Fact]
    public void EmptyLineHasNobody()
    {
        Assert.Null(_line.Peek());
        Assert.Throws<InvalidOperationException>(() => _line.Take());
    }

    private void Add(string items, int priority = 1)
    {
        foreach (string item in items.Split(' '))
        {
            _line.Add(item[..1], priority, item);
        }
    }

    private string TakeAll()
    {
        List<string> items = [];
        while (_line.Peek() is { } next)
        {
            Assert.Same(next, _line.Take());
            items.Add(next);
        }

        Assert.Equal(0, _line.Count);
        return string.Join(' ', items);
    }
}
