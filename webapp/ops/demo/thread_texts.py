"""What the people of the demo have written to each other."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ThreadReply:
    """A reply: by whom, what, and to which reply it answers; `before` is what it said at first."""

    by: str
    words: str
    answers: int | None = None
    before: str = ""


@dataclass(frozen=True)
class DemoThread:
    """A thread that began `days` ago; its replies have come in since, the last of them `quiet`
    days ago.
    """

    group: str
    by: str
    title: str
    words: str
    days: float
    quiet: float
    replies: tuple[ThreadReply, ...] = ()
    announces: bool = False
    pinned_by: str = ""
    locked_by: str = ""
    #: number of a reply -> who removed it, and why
    removed: tuple[tuple[int, str, str], ...] = ()
    taken_back: tuple[int, ...] = ()


#: The long one: who says it goes round among the group.
SLUGS = (
    "Mine are gone. All of them. Overnight.",
    "Same here, and I had put copper tape round the whole bed.",
    "Copper does nothing once it is wet, and when is it not wet here?",
    "Beer. A saucer of beer, sunk to the rim.",
    "I am not giving them beer at Leith prices.",
    "The cheap stuff works. They are not proud.",
    "Wool pellets! They hate walking over them. They smell of sheep for a week, then it is fine.",
    "Where do you get those?",
    "From the farm shop past Musselburgh. I can bring a sack, it lasts the year for four beds.",
    "Count me in for a quarter of it.",
    "Me too.",
    "And me, if there is any left.",
    "A sack then. I will write the price here when I know it.",
    "Has anybody tried going out at night with a torch?",
    "Yes. It is disgusting and it works. Forty in half an hour along the east wall.",
    "What do you do with forty slugs?",
    "I carry them to the far end of the Links and wish them well.",
    "They are back before you are. Somebody marked them with nail varnish once and found them "
    "again next morning.",
    "From how far?",
    "Twenty metres was nothing to them, they say.",
    "So the Links is not far enough for mine.",
    "Ducks.",
    "We are not getting ducks.",
    "We *could* get ducks.",
    "There is a rule in the lease against poultry. I looked, because I wanted ducks too.",
    "Hedgehogs, then. There is no rule against hedgehogs.",
    "There is a gap under the north gate that one uses, I have seen it twice in May.",
    "Then let us leave the heap of leaves behind the shed where it is this autumn.",
    "Agreed. I will put a sign on it, or somebody will tidy.",
    "It was me who tidied last year. Sorry.",
    "You are forgiven, you also built the bench.",
    "Nematodes are what the allotments in Inverleith use. You water them in and wait.",
    "They cost, but for the two seedling beds it may be worth it.",
    "> They cost\n\nAbout twelve pounds for forty square metres. I asked.",
    "That is less than the lettuces I have bought to feed them.",
    "The soil has to be above five degrees, so not before April.",
    "Good to know. Let us put it on the list for the spring.",
    "Which list?",
    "The one on the inside of the shed door. I will write it there as well.",
    "In the meantime I start everything indoors and plant it out when it is as tall as my hand.",
    "My windowsill is full. My bath is full.",
    "The hall has a south window and nobody uses the ledge. Shall I ask?",
    "Please do!",
    "They said yes, if we bring trays that do not drip.",
    "I have six of those from the canteen.",
    "Lovely. So: trays, ledge, seedlings, and a rota for watering?",
    "I can do Mondays and Tuesdays.",
    "Wednesdays.",
    "Thursdays, as long as somebody tells me how much.",
    "When the top is dry, until it runs out below. Not more, they drown faster than they dry out.",
    "Fridays.",
    "I live next door, the weekends are mine.",
    "Then we have a week. That was quick.",
    "Back to the slugs: whoever goes out with a torch, leave the big spotted ones. Leopard slugs "
    "eat the others.",
    "Is that true?",
    "It is. They are as long as a finger and look like they know it.",
    "I have moved three of those to the Links. I apologise to them as well.",
    "First night of frost is forecast for Sunday. That will give us a rest.",
    "See you all on Saturday then, with gloves.",
    "And with beer. For ourselves.",
)

TALKS = [
    DemoThread(
        group="garden",
        by="Marek Dvořák",
        title="Read this first: tools, beds and the kettle",
        words=(
            "The three things people ask on their first day:\n\n"
            "1. **Tools** hang on the wall of the shed. Hang them back clean, the brush is "
            "beside the tap.\n"
            "2. **Beds** belong to nobody. A label in the ground says what was sown and when.\n"
            "3. **The kettle** trips the fuse when the heater is on. One or the other.\n\n"
            "If something breaks, say so here. Nobody is cross, we only want to know."
        ),
        days=210,
        quiet=31,
        pinned_by="Isla Drummond",
        replies=(
            ThreadReply(
                "Chiara Bonetti", "Where is the fuse box, for when somebody has forgotten number 3?"
            ),
            ThreadReply(
                "Marek Dvořák",
                "Behind the seed cupboard, left door. There is a torch on the nail.",
                answers=1,
            ),
        ),
    ),
    DemoThread(
        group="garden",
        by="Isla Drummond",
        title="No water from Tuesday to Thursday",
        words=(
            "The council mends the main along the Links: **from Tuesday 8:00 to Thursday 17:00** "
            "nothing comes out of our "
            "tap.\n\nPlease fill the butts on Monday if you are there anyway. The greenhouse "
            "comes first, everything else can "
            "wait two days."
        ),
        days=2,
        quiet=1,
        announces=True,
        replies=(
            ThreadReply("Aoife Brennan", "I am there on Monday until six and fill all four."),
            ThreadReply(
                "Isla Drummond",
                "Thank you, @aoife-brennan! Then the greenhouse is safe.",
                answers=1,
            ),
            ThreadReply("Jakub Nowak", "Can we flush with rain water?"),
        ),
    ),
    DemoThread(
        group="garden",
        by="Fatima Zahra Idrissi",
        title="What did the slugs eat this time?",
        words=(
            "I begin: every single lettuce, the dahlias, and one corner of the sign that says "
            "*Please keep off the lettuces*."
        ),
        days=19,
        quiet=0.1,
    ),
    DemoThread(
        group="garden",
        by="Tomasz Wiśniewski",
        title="Dogs on work days",
        words="Could dogs come along on Saturdays, on a lead? Mine is old and mostly sleeps.",
        days=48,
        quiet=40,
        locked_by="Callum Reid",
        replies=(
            ThreadReply("Olu Adeyemi", "On a lead and away from the beds, why not."),
            ThreadReply(
                "Mei-Ling Chow",
                "My son is afraid of dogs and comes with me every time. I would rather not.",
            ),
            ThreadReply("Jakub Nowak", "Then he should stay at home."),
            ThreadReply(
                "Tomasz Wiśniewski",
                "That is not how we want to talk here. I will ask my sister to take him for the "
                "morning.",
                answers=3,
            ),
            ThreadReply(
                "Callum Reid",
                "Thank you both. So: no dogs on work days, any other time is fine. I close this "
                "here.",
            ),
        ),
        removed=((3, "Callum Reid", "We do not tell children to stay away."),),
    ),
    DemoThread(
        group="garden",
        by="Aoife Brennan",
        title="A second wheelbarrow for Saturday?",
        words=(
            "Ours has a flat tyre and I have ordered a new one, but it will not be here in time. "
            "@yuki-hasegawa, did your "
            "neighbour not have one?"
        ),
        days=1.4,
        quiet=0.2,
        replies=(
            ThreadReply(
                "Yuki Hasegawa",
                "He has, and he says yes. I bring it at ten.",
                before="I will ask him tonight.",
            ),
            ThreadReply("Priya Nair", "I could lend one as well."),
            ThreadReply("Aoife Brennan", "One is plenty, but thank you!", answers=2),
        ),
        taken_back=(2,),
    ),
    DemoThread(
        group="garden",
        by="Yuki Hasegawa",
        title="What grew where: my notes of this year",
        words=(
            "As every autumn I have written down what did well in which bed, so that we do not "
            "plant the same twice.\n\n"
            "- **East plot**: potatoes, good. Nothing of that family there for three years, "
            "please.\n"
            "- **Long bed**: chard until November, `Bright Lights` above all.\n"
            "- **Cold frame**: too warm in May, everything bolted.\n\n"
            "The whole list is [on my page](https://yuki.example.org/garden-notes)."
        ),
        days=6,
        quiet=3,
        replies=(
            ThreadReply("Marek Dvořák", "This is worth more than the book in the shed. Thank you."),
            ThreadReply(
                "Ingrid Solheim",
                "Could we keep these somewhere on the group’s page? I would not want to lose them.",
            ),
            ThreadReply(
                "Yuki Hasegawa", "Good idea. @isla-drummond, may I send you the text?", answers=2
            ),
        ),
    ),
    DemoThread(
        group="river",
        by="Aroha Tamatea",
        title="Rāhui below the bridge until the end of the month",
        words=(
            "The iwi has placed a **rāhui** from the rail bridge to the old wharf after the "
            "drowning on Sunday. Nobody goes "
            "on or into the water there, and we take nothing from it.\n\nPlanting days go on, "
            "upstream. Ngā mihi."
        ),
        days=3,
        quiet=2,
        announces=True,
        pinned_by="Aroha Tamatea",
        replies=(
            ThreadReply("Wiremu Paki", "Kia ora Aroha. I have told the school."),
            ThreadReply(
                "Lucy Penfold",
                "Thank you for telling us so clearly. Is there anything we can bring to the marae?",
            ),
            ThreadReply(
                "Aroha Tamatea",
                "Kai is always welcome. Talk to @hana-ngata, she keeps the list.",
                answers=2,
            ),
        ),
    ),
    DemoThread(
        group="river",
        by="Anjali Deshpande",
        title="Does anybody have waders in size 38?",
        words="The shed goes from 41 upwards. "
        "I have tried the 41, and the river came in at the top.",
        days=8,
        quiet=5,
        replies=(
            ThreadReply(
                "Leilani Fifita", "My daughter’s! She has outgrown them. I bring them on Saturday."
            ),
            ThreadReply("Anjali Deshpande", "You are a treasure.", answers=1),
        ),
    ),
]
