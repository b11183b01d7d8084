Console.WriteLine("RedisInfer");
