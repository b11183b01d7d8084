using System.Text;
using RedisInfer.Redis;

namespace RedisInfer.Tests.Unit.Redis;

/// <summary>What a server may send. The client's reader, which is unsafe code, sees nothing else.</summary>
public sealed class AnswerFramingTests
{
    public static TheoryData<string> Valid { get; } =
    [
        "+OK\r\n", "-ERR unknown command\r\n", ":-12\r\n", "$-1\r\n", "$0\r\n\r\n", "$5\r\na\r\n*9\r\n", "*-1\r\n", "*0\r\n", "*2\r\n:1\r\n*1\r\n$1\r\na\r\n+x\r\n",
        "%1\r\n+a\r\n%1\r\n+b\r\n:1\r\n_\r\n", "#t\r\n,1.5\r\n(12345678901234567890123456789012345\r\n", "=7\r\ntxt:abc\r\n!3\r\nERR\r\n",
        ">3\r\n+message\r\n+a\r\n$1\r\nb\r\n+OK\r\n", "|1\r\n+ttl\r\n:3\r\n*1\r\n:1\r\n", "*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n+end\r\n", "~1\r\n~0\r\n:5\r\n",
    ];

    public static TheoryData<string> Invalid { get; } =
    [
        "$2147483647\r\nabc", "$2147483645\r\n", "$536870913\r\n", "$99999999999999999999\r\n", "$-2\r\n", "$\r\n", "$x\r\n", "$1x\r\n", "$?\r\n",
        "*2147483647\r\n", "%1073741824\r\n", "~67108865\r\n", "|-5\r\n", ">4294967297\r\n", "*000000000000000000000000001\r\n", "$3\r\nabcd\r\n", "$1\r\na\n\r",
        "+OK\rx", "HTTP/1.1 400\r\n", "\0", "\r\n", ":1\r\nX", "*1\r\n\r\n", "*3\r\n:1\r\n$2147483640\r\n",
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public void AnswersOfRedisPassInWhateverPiecesTheyArrive(string answer)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(answer, 3)));
        for (int piece = 1; piece <= bytes.Length; piece++)
        {
            var framing = new AnswerFraming();
            foreach (byte[] part in bytes.Chunk(piece))
            {
                framing.Follow(part);
            }

            // All values have ended, so the next one begins here.
            Assert.Throws<IOException>(() => framing.Follow("x"u8));
        }
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void OtherBytesAreRefusedInWhateverPiecesTheyArrive(string answer)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(":1\r\n" + answer);

        IOException whole = Assert.Throws<IOException>(() => new AnswerFraming().Follow(bytes));
        IOException inBytes = Assert.Throws<IOException>(() =>
        {
            var framing = new AnswerFraming();
            Array.ForEach(bytes, one => framing.Follow([one]));
        });

        Assert.Equal(whole.Message, inBytes.Message);
        Assert.Contains("which Redis never does", whole.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NestingHasALimit()
    {
        byte[] Nested(int depth) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("*1\r\n", depth)) + ":1\r\n");

        new AnswerFraming().Follow(Nested(AnswerFraming.MaxDepth));
        Assert.Throws<IOException>(() => new AnswerFraming().Follow(Nested(AnswerFraming.MaxDepth + 1)));
    }
}
