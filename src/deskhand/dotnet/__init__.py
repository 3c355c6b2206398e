"""What .NET's formats mean: dates, numbers, regular expressions, cultures and time zones.

Desktop flows and cloud-flow expressions both inherit these rules; nothing here touches a clock, a
file or the network.
"""
