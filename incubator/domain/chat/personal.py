"""What rooms keep of a member."""

from incubator.domain.chat.models import Entry, Message, Pair, Room, Seat
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "messages": Part(Message, (Message.author_id,)),
        "room-entries": Part(Entry, (Entry.actor_id,)),
        "rooms-opened": Part(Room, (Room.created_by_id,)),
        "conversations": Part(Pair, (Pair.low_id, Pair.high_id)),
        "seats": Part(Seat, (Seat.member_id,)),
    }
)
