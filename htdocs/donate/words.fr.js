// @ts-check
// What the widget says, in French.

/** @type {import('./words.js').Words} */
export default {
	title: 'Faire un don à {name}',
	often: 'À quel rythme',
	once: 'Une fois', weekly: 'Par semaine', monthly: 'Par mois',
	yearly: 'Par an',
	amount: 'Montant',
	other: 'Autre',
	own: 'Votre montant ({currency})',
	raised: '{raised} collectés sur {goal}',
	raisedOnly: '{raised} collectés',
	donors: 'Donateurs : {n}',
	perks: 'Choisissez un remerciement',
	noPerk: 'Rien, merci',
	from: 'dès {amount}',
	left: 'Il en reste : {n}',
	soldOut: 'Épuisé',
	perkRaised: 'Le montant est maintenant de {amount}, le minimum pour ' +
	    'ce remerciement.',
	tip: 'Pourboire pour faire vivre ce service',
	noTip: 'Pas de pourboire',
	cover: 'Ajouter {amount} pour couvrir les frais',
	firstName: 'Prénom', lastName: 'Nom', email: 'Courriel',
	optional: '{label} (facultatif)',
	anonymous: 'Ne pas afficher mon nom',
	subscribe: 'Recevoir des nouvelles par courriel',
	sum: '{often} : {amount}',
	sumTip: 'pourboire {amount}', sumFees: 'frais {amount}',
	total: 'Total {amount}',
	donate: 'Donner', donateSum: 'Donner {amount}',
	donateTo: 'Donner {amount} à {name}',
	safe: 'Vous payez sur une page sécurisée. Rien de votre carte n’est ' +
	    'saisi ici.',
	close: 'Fermer',
	loading: 'Chargement …',
	leaving: 'Ouverture de la page de paiement …',
	again: 'Réessayer',
	more: 'Donner encore',
	byLink: 'Donner sur notre propre page',
	asking: 'Un instant, s’il vous plaît',
	askingText: 'Nous vérifions si votre paiement est arrivé.',
	thanks: 'Merci !',
	thanksText: 'Votre don de {amount} à {name} est bien arrivé.',
	tokens: 'Jetons que vous avez gagnés : {n}',
	pending: 'Votre paiement n’est pas encore confirmé',
	pendingText: 'Certains moyens de paiement prennent des heures ou des ' +
	    'jours. Vous pouvez fermer cette page : votre don comptera dès ' +
	    'l’arrivée du paiement.',
	askAgain: 'Vérifier encore',
	failed: 'Le paiement n’a pas abouti',
	failedText: 'Vous pouvez réessayer, ou payer autrement.',
	refunded: 'Ce don a été remboursé',
	refundedText: '{amount} à {name} ont été remboursés.',

	needAmount: 'Veuillez choisir un montant, par exemple {amount}.',
	tooLow: 'Veuillez donner au moins {amount}.',
	tooHigh: 'Veuillez donner au plus {amount}.',
	perkLow: 'Ce remerciement est pour les dons dès {amount}.',
	needAnswer: 'Veuillez répondre à cette question.',
	badEmail: 'Veuillez écrire une adresse comme nom@example.org.',
	badField: 'Veuillez vérifier ceci.',
	check: 'Veuillez vérifier ce qui est marqué.',
	unreachable: 'Nous sommes injoignables pour le moment. Veuillez ' +
	    'réessayer dans un instant.',
	busy: 'Il y a beaucoup de donateurs en ce moment. Veuillez attendre ' +
	    'un peu, puis réessayer.',
	payment: 'Le service de paiement ne répond pas pour le moment. ' +
	    'Veuillez réessayer dans un instant.',
	perkGone: 'Ce remerciement vient d’être épuisé. Veuillez en choisir ' +
	    'un autre.',
	nobody: 'Cette organisation ne peut pas recevoir de dons pour le ' +
	    'moment.',
	setUp: 'Ce formulaire est mal configuré. Veuillez prévenir le ' +
	    'responsable de cette page.',
	wrong: 'Cela n’a pas marché. Veuillez réessayer.',
	free: 'Rien n’a été débité.',
};
