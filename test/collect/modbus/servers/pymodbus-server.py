"""A Modbus server that is none of ours: every register holds ten times its address plus its unit."""
import asyncio
import ssl
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer, StartAsyncTlsServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer


class Block:
    """Registers of one unit; the first thousand of them."""

    def __init__(self, unit):
        self.unit = unit

    def reset(self):
        pass

    def validate(self, address, count=1):
        return 0 <= address and address + count <= 1000

    def getValues(self, address, count=1):
        return [(10 * (address + i) + self.unit) % 65536 for i in range(count)]

    def setValues(self, address, values):
        raise RuntimeError("nothing here is written to")


class Bits(Block):
    def getValues(self, address, count=1):
        return [(address + i) % 3 == self.unit % 3 for i in range(count)]


def unit(number):
    words, bits = Block(number), Bits(number)
    return ModbusSlaveContext(di=bits, co=bits, hr=words, ir=words, zero_mode=True)


async def main(kind, place, *files):
    context = ModbusServerContext(slaves={n: unit(n) for n in (1, 2, 17)}, single=False)
    rules = {"context": context, "ignore_missing_slaves": True}
    if kind == "serial":
        await StartAsyncSerialServer(framer=ModbusRtuFramer, port=place, baudrate=19200, **rules)
        return
    address = ("127.0.0.1", int(place))
    if kind == "rtu":
        await StartAsyncTcpServer(framer=ModbusRtuFramer, address=address, **rules)
    elif kind == "tcp":
        await StartAsyncTcpServer(framer=ModbusSocketFramer, address=address, **rules)
    else:
        ca, cert, key = files
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(cert, key)
        trust.load_verify_locations(ca)
        trust.verify_mode = ssl.CERT_REQUIRED
        # Modbus/TCP Security has the same header as Modbus TCP; the library's own framing over TLS leaves it out.
        await StartAsyncTlsServer(framer=ModbusSocketFramer, address=address, sslctx=trust, **rules)


asyncio.run(main(*sys.argv[1:]))
